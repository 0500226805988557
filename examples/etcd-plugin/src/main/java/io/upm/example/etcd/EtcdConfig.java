package io.upm.example.etcd;

import io.upm.spi.Problem;
import io.upm.spi.config.*;
import io.upm.spi.config.Parameter;
import io.upm.spi.config.Parameter.Range;
import io.upm.spi.engine.Limits;
import io.upm.spi.instance.Instance;
import module java.base;

/** Flags, one a line. Not who belongs to the cluster: that changes without a restart. */
final class EtcdConfig implements ConfigRenderer {
  static final String FILE = "etcd.flags";
  private static final String HEARTBEAT = "heartbeat-interval";
  private static final String ELECTION = "election-timeout";

  static final ParameterCatalog PARAMETERS =
      ParameterCatalog.of(
          List.of(
              number(HEARTBEAT, "milliseconds", 10, 10_000, "100", "Between two heartbeats of the leader."),
              number(ELECTION, "milliseconds", 50, 50_000, "1000", "Silence after which another is elected."),
              number("snapshot-count", "", 1_000, 1_000_000, "10000", "Writes between two snapshots on disk."),
              number("auto-compaction-retention", "hours", 0, 8_760, "1", "History that is kept; 0 for all."),
              Parameter.named("quota-backend-bytes", ParameterType.SIZE)
                  .range(Range.between(64L << 20, 16L << 30))
                  .defaultValue("2G")
                  .describe("Size of the data from which on no more writes are taken.")));

  private static Parameter number(
      String name, String unit, long least, long most, String usual, String description) {
    var range = Range.between(least, most);
    return Parameter.named(name, ParameterType.INTEGER).unit(unit).range(range).defaultValue(usual).describe(description);
  }

  @Override
  public List<Problem> check(ConfigInput input) {
    var problems = new ArrayList<Problem>();
    Limits limits = input.instance().limits();
    if (!limits.covers(new Limits(EtcdPlugin.MINIMUM.memoryBytes(), 0))) {
      problems.add(new Problem("spec.resources.limits.memory", limits.memoryMiB() + "Mi", "at least 256 MiB"));
    }
    long election = Long.parseLong(value(input, ELECTION));
    if (election < 5 * Long.parseLong(value(input, HEARTBEAT))) {
      problems.add(new Problem("spec.parameters." + ELECTION, "" + election, "at least 5 times " + HEARTBEAT));
    }
    return problems;
  }

  @Override
  public List<ConfigFile> render(ConfigInput input) {
    Instance instance = input.instance();
    String host = instance.identity().host();
    int client = EtcdFiles.clientPort(instance);
    var flags = new TreeMap<String, String>();
    PARAMETERS.all().forEach(one -> flags.put(one.name(), value(input, one.name())));
    flags.computeIfPresent("quota-backend-bytes", (name, size) -> Parameter.bytes(size).orElseThrow().toPlainString());
    flags.put("name", instance.identity().unit());
    flags.put("data-dir", EtcdFiles.of(instance).data().toString());
    flags.put("listen-peer-urls", "http://0.0.0.0:" + EtcdPlugin.PEER.number());
    flags.put("listen-client-urls", "http://0.0.0.0:" + client);
    flags.put("advertise-client-urls", "http://" + host + ":" + client);
    flags.put("initial-advertise-peer-urls", EtcdFiles.peerUrl(host));
    var text = new StringBuilder();
    flags.forEach((name, value) -> text.append("--").append(name).append('=').append(value).append('\n'));
    return List.of(new ConfigFile(FILE, text.toString(), false));
  }

  private static String value(ConfigInput input, String name) {
    return input.parameters().getOrDefault(name, PARAMETERS.find(name).orElseThrow().defaultValue());
  }
}
