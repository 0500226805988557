package io.upm.plugin.mysql.client;

import java.util.OptionalLong;

/**
 * The default replication channel of a server.
 *
 * @param source where it replicates from
 * @param receiver thread that fetches changes from there
 * @param applier whether the threads that apply them run
 * @param retrieved transactions received since the receiver's logs were begun
 * @param lagSeconds how far it is behind; empty when the server doesn't know
 * @param receiverError what stopped or hinders the receiver
 * @param applierError what stopped the applier
 */
public record Channel(
    Upstream source,
    Receiver receiver,
    boolean applier,
    GtidSet retrieved,
    OptionalLong lagSeconds,
    Error receiverError,
    Error applierError) {

  /** State of the receiver thread, in the server's own words. */
  public enum Receiver {
    /** It is connected. */
    YES("Yes"),
    /** It runs and tries to connect. */
    CONNECTING("Connecting"),
    /** It does not run. */
    NO("No");

    private final String word;

    Receiver(String word) {
      this.word = word;
    }

    /** As in {@code SHOW REPLICA STATUS}. */
    public String word() {
      return word;
    }

    static Receiver of(String word) {
      return word.equals("Yes") ? YES : word.equals("No") ? NO : CONNECTING;
    }
  }

  /**
   * The other end of a channel.
   *
   * @param host as it was given
   * @param port of the classic protocol
   * @param user account that the receiver logs in with
   * @param autoPosition whether it asks for what it lacks by GTID
   */
  public record Upstream(String host, int port, String user, boolean autoPosition) {}

  /**
   * Last error of a thread; cleared by the server when the thread starts.
   *
   * @param code the server's number for it; 0 when there is none
   * @param message one short sentence
   * @param ageSeconds when that was
   */
  public record Error(int code, String message, long ageSeconds) {
    public static final Error NONE = new Error(0, "", 0);

    public boolean present() {
      return code != 0;
    }
  }

  /** Whether any of its threads runs. */
  public boolean isActive() {
    return receiver != Receiver.NO || applier;
  }

  /** Whether it fetches and applies. */
  public boolean isRunning() {
    return receiver == Receiver.YES && applier;
  }
}
