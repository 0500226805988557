package io.upm.plugin.mysql.config;

import io.upm.spi.config.Parameter;
import io.upm.spi.config.ParameterCatalog;
import io.upm.spi.engine.EngineVersion;
import java.util.List;

/** The parameters that users may set. */
public final class MysqlParameters {
  private static final List<Parameter> ALL = ParameterTable.read();

  private MysqlParameters() {}

  public static ParameterCatalog of(EngineVersion version) {
    return ParameterCatalog.of(
        ALL.stream().filter(parameter -> parameter.served().by(version)).toList());
  }
}
