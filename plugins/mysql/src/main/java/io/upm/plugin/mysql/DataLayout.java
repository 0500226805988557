package io.upm.plugin.mysql;

import io.upm.spi.instance.Instance;
import java.nio.file.Path;

/**
 * Where one server keeps its files. All but logs lie on the data volume, so that the data directory
 * can be put in place by a single rename.
 *
 * @param server the data directory
 * @param binaryLogs directory of the binary logs
 * @param relayLogs directory of the relay logs
 * @param temporary directory of temporary files
 * @param logs directory of log files beside the error log, which goes to standard error
 * @param socket socket of the classic protocol
 * @param socketX socket of the X protocol
 * @param pidFile file with the process id
 * @param options the option file
 */
public record DataLayout(
    Path server,
    Path binaryLogs,
    Path relayLogs,
    Path temporary,
    Path logs,
    Path socket,
    Path socketX,
    Path pidFile,
    Path options) {

  public static DataLayout of(Instance instance) {
    Path data = instance.layout().data();
    Path run = instance.layout().run();
    return new DataLayout(
        data.resolve("data"),
        data.resolve("binlog"),
        data.resolve("relaylog"),
        data.resolve("tmp"),
        instance.layout().volumeOrData(MysqlEngine.LOG),
        run.resolve("mysqld.sock"),
        run.resolve("mysqlx.sock"),
        run.resolve("mysqld.pid"),
        instance.layout().config().resolve(OPTIONS));
  }

  /** Name of the option file in the configuration directory. */
  public static final String OPTIONS = "my.cnf";

  public Path slowLog() {
    return logs.resolve("slow.log");
  }

  public Path generalLog() {
    return logs.resolve("general.log");
  }
}
