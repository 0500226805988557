package io.upm.plugin.mysql.client;

import java.util.Optional;

/**
 * What one server says about itself, as far as replication is concerned.
 *
 * @param identity who it is
 * @param readOnly whether ordinary users can't write
 * @param superReadOnly whether nobody can write
 * @param gtids the transactions it has
 * @param channel where it replicates from; empty when that was never set up
 * @param otherChannels how many further channels it has, which UPM leaves alone
 * @param semiSync its semi-synchronous plugins
 */
public record ServerState(
    Identity identity,
    boolean readOnly,
    boolean superReadOnly,
    Gtids gtids,
    Optional<Channel> channel,
    int otherChannels,
    SemiSync semiSync) {

  /**
   * Who a server is.
   *
   * @param uuid identity of its data directory
   * @param version such as {@code 8.0.33}
   * @param gtidMode whether it names transactions by GTID, which UPM needs
   * @param binaryLog whether it has a binary log, without which nothing can replicate from it
   * @param tls whether it can encrypt connections
   */
  public record Identity(
      String uuid, String version, boolean gtidMode, boolean binaryLog, boolean tls) {}

  /**
   * Transactions.
   *
   * @param executed all that it has committed
   * @param purged those of them that are not in its binary logs any more
   */
  public record Gtids(GtidSet executed, GtidSet purged) {}

  /**
   * The semi-synchronous plugins of a server.
   *
   * @param loaded whether they are there
   * @param sourceEnabled whether its commits wait for replicas
   * @param sourceActive whether they do so at this moment; not when it fell back to asynchronous
   * @param clients replicas that acknowledge, as the source sees it: one that left is counted until
   *     the source has something to send to it
   * @param waiting sessions whose commit waits for an acknowledgement at this moment
   * @param needed replicas whose acknowledgement a commit waits for
   * @param replicaEnabled whether it acknowledges what it receives, once its receiver has started
   *     anew
   * @param replicaActive whether its running receiver acknowledges
   */
  public record SemiSync(
      boolean loaded,
      boolean sourceEnabled,
      boolean sourceActive,
      int clients,
      int waiting,
      int needed,
      boolean replicaEnabled,
      boolean replicaActive) {
    public static final SemiSync NONE = new SemiSync(false, false, false, 0, 0, 1, false, false);
  }

  /** Whether everybody with the privilege to write can do so. */
  public boolean isOpen() {
    return !readOnly && !superReadOnly;
  }

  /** Whether nobody can write, administrators included. */
  public boolean isClosed() {
    return superReadOnly;
  }

  /** What it has committed, and what it has received and not committed yet. */
  public GtidSet received() {
    return channel
        .map(present -> gtids.executed().plus(present.retrieved()))
        .orElse(gtids.executed());
  }

  /** The same, having executed what was read a moment later. */
  public ServerState withExecuted(GtidSet executed) {
    return new ServerState(
        identity,
        readOnly,
        superReadOnly,
        new Gtids(executed, gtids.purged()),
        channel,
        otherChannels,
        semiSync);
  }
}
