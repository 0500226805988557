package io.upm.plugin.mysql.topology;

import io.upm.plugin.mysql.client.Channel;
import io.upm.plugin.mysql.client.Channel.Receiver;
import io.upm.plugin.mysql.client.GtidSet;
import io.upm.plugin.mysql.client.ServerState;
import io.upm.plugin.mysql.client.ServerState.SemiSync;
import io.upm.spi.topology.Decision;
import io.upm.spi.topology.Memory;
import io.upm.spi.topology.Reading;
import io.upm.spi.topology.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Servers as simple as can be: what decisions are about, and nothing else. */
final class Model {
  static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
  static final String USER = "replication";

  final Map<String, Server> servers = new LinkedHashMap<>();
  MysqlReplicationSpec spec;
  Instant now = NOW;
  Memory memory = Memory.EMPTY;

  Model(MysqlReplicationSpec spec) {
    this.spec = spec;
    spec.members().forEach(member -> servers.put(member.name(), new Server(member.name())));
  }

  /** One source {@code a} and replicas {@code b} and {@code c}. */
  static MysqlReplicationSpec spec(String mode, String... isolated) {
    var out = List.of(isolated);
    return new MysqlReplicationSpec(
        mode,
        new MysqlReplicationSpec.SecretRef("secret", USER, USER),
        Optional.empty(),
        new MysqlReplicationSpec.Source("a", "a.db", 3306),
        List.of(replica("b", out), replica("c", out)),
        new MysqlReplicationSpec.Service("ClusterIP"));
  }

  /** The same servers, with another one preferred. */
  static MysqlReplicationSpec preferring(String name, MysqlReplicationSpec spec) {
    return new MysqlReplicationSpec(
        spec.mode(),
        spec.secret(),
        spec.aesSecret(),
        new MysqlReplicationSpec.Source(name, name + ".db", 3306),
        spec.members().stream()
            .filter(member -> !member.name().equals(name))
            .map(member ->
                new MysqlReplicationSpec.Replica(
                    member.name(), member.host(), member.port(), member.isolated()))
            .toList(),
        spec.service());
  }

  private static MysqlReplicationSpec.Replica replica(String name, List<String> isolated) {
    return new MysqlReplicationSpec.Replica(name, name + ".db", 3306, isolated.contains(name));
  }

  static GtidSet gtids(String server, long first, long last) {
    return GtidSet.parse(uuid(server) + ":" + first + "-" + last);
  }

  static String uuid(String server) {
    return "%08x-0000-0000-0000-000000000000".formatted(server.hashCode());
  }

  Server server(String name) {
    return java.util.Objects.requireNonNull(servers.get(name), name);
  }

  Observation observe() {
    var readings = new LinkedHashMap<String, Reading<ServerState>>();
    servers.forEach((name, server) ->
        readings.put(
            name,
            server.reachable
                ? Reading.of(server.state(), now)
                : Reading.unknown(now, "it does not accept connections")));
    return new Observation(now, readings);
  }

  Situation situation() {
    return new Situation(spec, observe(), memory);
  }

  Decision decide() {
    return Decide.decide(situation());
  }

  /** Decides and does so, until there is nothing to do or something to wait for. */
  Decision settle(int most) {
    for (int round = 0; round < most; round++) {
      Decision decision = decide();
      if (!(decision instanceof Decision.Perform) && !(decision instanceof Decision.Remember)) {
        return decision;
      }
      apply(decision);
      replicate();
    }
    throw new AssertionError("not settled after " + most + " rounds: " + decide() + "\n" + this);
  }

  void apply(Decision decision) {
    switch (decision) {
      case Decision.Perform perform -> apply(perform.step());
      case Decision.Remember remember -> memory = remember.memory();
      case Decision.Nothing nothing -> {}
      case Decision.WaitFor wait -> {}
    }
  }

  private void apply(Step step) {
    Server server = server(step.node());
    switch (step.kind()) {
      case Steps.CLOSE -> server.flags(true, true);
      case Steps.OPEN -> server.flags(false, false);
      case Steps.FOLLOW -> {
        server.follow(step.argument(Steps.SOURCE));
        if (Boolean.parseBoolean(step.argument(Steps.SEMI_SYNC))) {
          server.acknowledges = true;
          server.acknowledging = true;
        }
        connect(server);
      }
      case Steps.START -> {
        server.running = true;
        connect(server);
      }
      case Steps.STOP -> server.running = false;
      case Steps.FORGET -> server.source = null;
      case Steps.SEMI_SYNC_SOURCE ->
          server.waits = Boolean.parseBoolean(step.argument(Steps.ENABLED));
      case Steps.SEMI_SYNC_REPLICA -> {
        server.acknowledges = Boolean.parseBoolean(step.argument(Steps.ENABLED));
        server.acknowledging = server.acknowledges;
      }
      default -> throw new AssertionError(step);
    }
  }

  /** A source lets no receiver in that has more of the source's own transactions than itself. */
  void connect(Server server) {
    boolean refused =
        server.source != null && server.running && isAhead(server, server(server.source));
    server.receiverError =
        refused
            ? new Channel.Error(13114, "more than the source has, using its server_uuid", 0)
            : Channel.Error.NONE;
  }

  private static boolean isAhead(Server replica, Server source) {
    GtidSet beyond = replica.executed.minus(source.executed);
    return !beyond.equals(beyond.fromOthersThan(source.uuid));
  }

  /** Running replicas catch up with servers that are up. */
  void replicate() {
    for (Server replica : servers.values()) {
      String source = replica.source;
      if (source != null
          && replica.running
          && !replica.receiverError.present()
          && server(source).reachable) {
        replica.executed = replica.executed.plus(server(source).executed);
      }
    }
  }

  List<Server> open() {
    var open = new ArrayList<Server>();
    for (Server server : servers.values()) {
      if (!server.superReadOnly) {
        open.add(server);
      }
    }
    return open;
  }

  @Override
  public String toString() {
    return "memory " + memory + "\n" + servers.values();
  }

  /** One server. */
  static final class Server {
    final String name;
    String uuid;
    boolean reachable = true;
    boolean readOnly = true;
    boolean superReadOnly = true;
    GtidSet executed = GtidSet.EMPTY;
    GtidSet purged = GtidSet.EMPTY;
    GtidSet retrieved = GtidSet.EMPTY;
    @Nullable String source;
    boolean running;
    int held;
    long lag;
    boolean plugins = true;
    boolean waits;
    boolean acknowledges;
    boolean acknowledging;
    Channel.Error receiverError = Channel.Error.NONE;
    Channel.Error applierError = Channel.Error.NONE;

    Server(String name) {
      this.name = name;
      this.uuid = uuid(name);
    }

    Server flags(boolean read, boolean superRead) {
      readOnly = read;
      superReadOnly = superRead;
      return this;
    }

    Server opened() {
      return flags(false, false);
    }

    Server has(GtidSet gtids) {
      executed = gtids;
      return this;
    }

    Server follow(String other) {
      source = other;
      running = true;
      acknowledging = acknowledges;
      receiverError = Channel.Error.NONE;
      applierError = Channel.Error.NONE;
      return this;
    }

    /** As the rendered configuration has it after a start. */
    void restart(boolean semiSync) {
      flags(true, true);
      running = false;
      waits = false;
      acknowledges = semiSync;
      acknowledging = false;
    }

    ServerState state() {
      return new ServerState(
          new ServerState.Identity(uuid, "8.4.5", true, true, true),
          readOnly,
          superReadOnly,
          new ServerState.Gtids(executed, purged),
          Optional.ofNullable(source).map(this::channel),
          0,
          plugins
              ? new SemiSync(true, waits, waits, 1, held, 1, acknowledges, acknowledging && running)
              : SemiSync.NONE);
    }

    private Channel channel(String from) {
      return new Channel(
          new Channel.Upstream(from + ".db", 3306, USER, true),
          running && !receiverError.present() ? Receiver.YES : Receiver.NO,
          running && !applierError.present(),
          retrieved,
          OptionalLong.of(lag),
          receiverError,
          applierError);
    }

    @Override
    public String toString() {
      return "%s(%s%s %s%s waits=%s acks=%s/%s)"
          .formatted(
              name,
              reachable ? "" : "unknown ",
              superReadOnly ? "closed" : readOnly ? "half" : "open",
              executed,
              source == null ? "" : " <- " + source + (running ? "" : " stopped"),
              waits,
              acknowledges,
              acknowledging);
    }
  }
}
