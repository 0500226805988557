package io.upm.plugin.mysql;

import io.upm.spi.engine.EngineVersion;
import io.upm.spi.engine.Limits;
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.Layout;
import io.upm.spi.instance.Peer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Makes instances with sane defaults: unit {@code db-0} of three, 8.4.5, 4 GiB, 2 cores. */
public final class Instances {
  private String version = "8.4.5";
  private String mode = MysqlEngine.SEMI_SYNC;
  private Limits limits = new Limits(4L << 30, 2000);
  private Path root = Path.of("/");
  private Map<String, String> settings = Map.of();
  private Map<String, Integer> ports = Map.of("mysql", 3306, "mysqlx", 33060, "group", 33061);
  private int ordinal;
  private String host = "db-0.db-headless-svc.apps.svc";

  private Instances() {}

  public static Instances anInstance() {
    return new Instances();
  }

  public Instances version(String value) {
    version = value;
    return this;
  }

  public Instances mode(String value) {
    mode = value;
    return this;
  }

  public Instances memoryMiB(long value) {
    limits = new Limits(value << 20, limits.cpuMillis());
    return this;
  }

  public Instances cores(long value) {
    limits = new Limits(limits.memoryBytes(), value * 1000);
    return this;
  }

  public Instances root(Path value) {
    root = value;
    return this;
  }

  public Instances settings(Map<String, String> value) {
    settings = value;
    return this;
  }

  public Instances port(int value) {
    ports = Map.of("mysql", value, "mysqlx", 33060, "group", 33061);
    return this;
  }

  public Instances ordinal(int value) {
    ordinal = value;
    return this;
  }

  public Instances host(String value) {
    host = value;
    return this;
  }

  public Instance build() {
    Path data = root.resolve("DATA_MOUNT");
    Path log = root.resolve("LOG_MOUNT");
    return new Instance(
        new Instance.Identity("apps", "db", "db-" + ordinal, ordinal, host),
        EngineVersion.parse(version),
        mode,
        limits,
        new Layout(
            data, data.resolve("conf"), root.resolve("run"), Map.of("data", data, "log", log)),
        settings,
        ports,
        List.of(new Peer("db-" + ordinal, ordinal, host)));
  }
}
