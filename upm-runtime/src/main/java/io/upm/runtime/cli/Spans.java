package io.upm.runtime.cli;

import java.time.Duration;

/** Spans of time as people say them, in their largest unit that fits. */
final class Spans {
  private Spans() {}

  static String of(Duration span) {
    long seconds = Math.max(0, span.toSeconds());
    if (seconds < 120) {
      return seconds + " s";
    }
    if (seconds < 2 * 3600) {
      return seconds / 60 + " min";
    }
    if (seconds < 48 * 3600) {
      return seconds / 3600 + " h";
    }
    return seconds / 86_400 + " d";
  }
}
