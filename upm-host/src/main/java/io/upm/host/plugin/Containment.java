package io.upm.host.plugin;

import java.time.Duration;

/**
 * How far a host lets the code of one plugin take from others. A call that takes longer than {@code
 * call} is interrupted and given up; whether it ends then is up to the plugin.
 *
 * @param load what loading may take: constructor, static initializers, descriptor
 * @param call what a call may take
 * @param brisk what every caller waits; longer than that wait only {@code patient} at a time, so
 *     that a slow plugin does not hold all threads of the host
 * @param patient callers that wait longer at the same time
 * @param lost calls that were given up and still run, from which on the plugin gets no new one
 * @param logBurst bytes that a plugin may write at once to standard output and error
 * @param logPerSecond bytes a second that it may write on average
 */
public record Containment(
    Duration load,
    Duration call,
    Duration brisk,
    int patient,
    int lost,
    long logBurst,
    long logPerSecond) {
  /** For a process that serves many engines. */
  public static final Containment SHARED =
      new Containment(
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          Duration.ofSeconds(2),
          4,
          4,
          1 << 20,
          16 << 10);
}
