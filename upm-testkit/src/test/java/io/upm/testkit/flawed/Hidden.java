package io.upm.testkit.flawed;

import io.upm.testkit.paper.Paper;

/** Can't be made by the host. */
final class Hidden extends Paper {}
