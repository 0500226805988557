package io.upm.testkit.stateful;

import io.upm.spi.config.ConfigInput;
import io.upm.testkit.paper.Paper;
import java.util.ArrayList;
import java.util.List;

/** Remembers what it was asked. */
public final class Counting extends Paper {
  private static final List<ConfigInput> SEEN = new ArrayList<>();
  private static int count;

  @Override
  protected String text(ConfigInput input) {
    count++;
    SEEN.add(input);
    return super.text(input) + (count < 0 ? "!" : "");
  }
}
