package io.upm.plugin.mysql.backup;

import java.time.Instant;

/**
 * A transaction in a binary log.
 *
 * @param gtid what it is called
 * @param time when it was committed, on the server where it was first
 */
record Committed(String gtid, Instant time) {}
