package io.upm.spi.config;

import io.upm.spi.Problem;
import java.util.List;

/** Turns an instance and its parameters into files. Pure: no clock, no random, no I/O. */
public interface ConfigRenderer {
  /** What stands in the way of rendering, such as too little memory; empty when nothing does. */
  List<Problem> check(ConfigInput input);

  /**
   * Renders all files. Called only when {@link #check(ConfigInput)} found nothing.
   *
   * @return at least one file; the first is the main one
   */
  List<ConfigFile> render(ConfigInput input);
}
