package io.upm.plugin.mysql.config;

import io.upm.plugin.mysql.DataLayout;
import io.upm.plugin.mysql.MysqlEngine;
import io.upm.spi.Problem;
import io.upm.spi.config.ConfigFile;
import io.upm.spi.config.ConfigInput;
import io.upm.spi.config.ConfigRenderer;
import io.upm.spi.config.ParameterCatalog;
import io.upm.spi.engine.EngineSeries;
import io.upm.spi.engine.Limits;
import io.upm.spi.instance.Instance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Renders {@code my.cnf}. */
public final class MysqlConfig implements ConfigRenderer {
  /** Variables that exist only once their plugin is loaded, which a check of the file does not. */
  private static final String SEMI_SYNC_VARIABLES = "rpl_semi_sync_";

  /** Longest path that a Unix socket can have. */
  private static final int LONGEST_SOCKET = 107;

  private final MyCnf template = new MyCnf();

  @Override
  public List<Problem> check(ConfigInput input) {
    Instance instance = input.instance();
    var problems = new ArrayList<Problem>();
    Limits limits = instance.limits();
    if (!limits.covers(new Limits(MysqlEngine.MINIMUM.memoryBytes(), 0))) {
      problems.add(
          new Problem(
              "spec.resources.limits.memory",
              limits.memoryMiB() + "Mi",
              "at least %d MiB".formatted(MysqlEngine.MINIMUM.memoryMiB())));
    } else {
      ParameterCatalog catalog = MysqlParameters.of(instance.version());
      problems.addAll(catalog.check(input.parameters()));
      if (problems.isEmpty()) {
        problems.addAll(sizing(input).problems());
      }
    }
    if (instance.identity().ordinal() >= ServerId.MOST_UNITS) {
      problems.add(
          new Problem(
              "spec.units",
              String.valueOf(instance.identity().ordinal() + 1),
              "at most " + ServerId.MOST_UNITS));
    }
    String socket = DataLayout.of(instance).socketX().toString();
    if (socket.length() > LONGEST_SOCKET) {
      problems.add(
          new Problem("socket", socket, "a path of at most %d bytes".formatted(LONGEST_SOCKET)));
    }
    return problems;
  }

  @Override
  public List<ConfigFile> render(ConfigInput input) {
    Instance instance = input.instance();
    String series =
        MysqlEngine.DESCRIPTOR
            .seriesOf(instance.version())
            .map(EngineSeries::name)
            .orElseThrow(() -> new IllegalArgumentException("version " + instance.version()));
    var values = new HashMap<String, Object>();
    values.put("unit", instance.identity().unit());
    values.put("server_id", ServerId.of(instance.identity()));
    values.put("report_host", OptionValue.of(instance.identity().host()));
    values.put("port", MysqlEngine.port(instance, MysqlEngine.MYSQL));
    values.put("mysqlx_port", MysqlEngine.port(instance, MysqlEngine.MYSQLX));
    values.put("files", files(DataLayout.of(instance)));
    values.put("replicates", MysqlEngine.replicates(instance.mode()));
    values.put("semi_sync", instance.mode().equals(MysqlEngine.SEMI_SYNC));
    values.put("sized", options(sizing(input).values()));
    values.put("set", options(new TreeMap<>(input.parameters())));
    return List.of(new ConfigFile(DataLayout.OPTIONS, template.render(series, values), false));
  }

  private static Sizing sizing(ConfigInput input) {
    return new Sizing(input.instance().version(), input.instance().limits(), input.parameters());
  }

  private static Map<String, String> files(DataLayout layout) {
    return Map.of(
        "data", OptionValue.of(layout.server().toString()),
        "binlog", OptionValue.of(layout.binaryLogs().resolve("binlog").toString()),
        "relaylog", OptionValue.of(layout.relayLogs().resolve("relay").toString()),
        "tmp", OptionValue.of(layout.temporary().toString()),
        "slow_log", OptionValue.of(layout.slowLog().toString()),
        "general_log", OptionValue.of(layout.generalLog().toString()),
        "socket", OptionValue.of(layout.socket().toString()),
        "mysqlx_socket", OptionValue.of(layout.socketX().toString()),
        "pid", OptionValue.of(layout.pidFile().toString()));
  }

  private static Map<String, String> options(Map<String, String> values) {
    var options = new LinkedHashMap<String, String>();
    values.forEach((name, value) -> options.put(optionName(name), OptionValue.of(value)));
    return options;
  }

  private static String optionName(String parameter) {
    return parameter.startsWith(SEMI_SYNC_VARIABLES) ? "loose_" + parameter : parameter;
  }
}
