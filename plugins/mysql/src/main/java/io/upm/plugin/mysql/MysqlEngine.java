package io.upm.plugin.mysql;

import io.upm.spi.engine.Account;
import io.upm.spi.engine.EngineDescriptor;
import io.upm.spi.engine.EngineSeries;
import io.upm.spi.engine.Limits;
import io.upm.spi.engine.Mode;
import io.upm.spi.engine.Port;
import io.upm.spi.engine.Volume;
import io.upm.spi.instance.Instance;

/** What MySQL is to UPM, as data. */
public final class MysqlEngine {
  /** Clients. */
  public static final Port MYSQL = new Port("mysql", 3306, true);

  /** Clients of the X protocol. */
  public static final Port MYSQLX = new Port("mysqlx", 33060, true);

  /** Members of a replication group among themselves. */
  public static final Port GROUP = new Port("group", 33061, false);

  public static final String DATA = "data";
  public static final String LOG = "log";

  /** Instances that have nothing to do with each other. */
  public static final String STANDALONE = "standalone";

  /** Replicas that follow a source, which does not wait for them. */
  public static final String ASYNC = "rpl_async";

  /** Replicas that follow a source, which acknowledges a write when a replica has it. */
  public static final String SEMI_SYNC = "rpl_semi_sync";

  public static final String REPLICATION_KIND = "MysqlReplication";

  public static final Account ADMIN =
      new Account(
          "admin",
          "ADM_USER",
          "root",
          true,
          "Administrator with every privilege; the server's own root account is renamed to it.");

  public static final Account REPLICATION =
      new Account(
          "replication",
          "REPL_USER",
          "replication",
          true,
          "What replicas log in with, and what UPM manages replication with; its password has at"
              + " most 32 bytes and no emoji, as a replication channel can't keep more.");

  public static final Account MONITOR =
      new Account(
          "monitor",
          "MON_USER",
          "monitor",
          false,
          "Reads the server's state, for probes and metrics.");

  public static final Account PROVISION =
      new Account(
          "provision",
          "PROV_USER",
          "provision",
          false,
          "Creates schemas and users for applications; has every privilege.");

  /** Least that a server, its agent and a few connections run in, measured with 9.7. */
  public static final Limits MINIMUM = new Limits(512L << 20, 100);

  /** User and group of the official image. */
  private static final int USER_ID = 999;

  private static final String IMAGE = "mysql:{version}";

  public static final EngineDescriptor DESCRIPTOR =
      EngineDescriptor.of("mysql", "MySQL")
          // Replication speaks of sources and replicas, semi-synchronous plugins included, from
          // 8.0.26 on.
          .series(EngineSeries.of("8.0", "8.0.26", "8.1", IMAGE))
          .series(EngineSeries.of("8.4", "8.4", "8.5", IMAGE))
          .series(EngineSeries.of("9.x", "9.0", "10.0", IMAGE))
          .port(MYSQL)
          .port(MYSQLX)
          .port(GROUP)
          .volume(new Volume(DATA, Volume.Purpose.DATA, true))
          .volume(new Volume(LOG, Volume.Purpose.LOG, false))
          .account(ADMIN)
          .account(REPLICATION)
          .account(MONITOR)
          .account(PROVISION)
          .mode(new Mode(STANDALONE, 1, "", "Instances that have nothing to do with each other."))
          .mode(
              new Mode(
                  ASYNC,
                  1,
                  REPLICATION_KIND,
                  "One source and replicas that follow it; a write is acknowledged when the source"
                      + " has it."))
          .mode(
              new Mode(
                  SEMI_SYNC,
                  2,
                  REPLICATION_KIND,
                  "One source and replicas that follow it; a write is acknowledged when a replica"
                      + " has it too."))
          .userId(USER_ID)
          .minimum(MINIMUM)
          .build();

  private MysqlEngine() {}

  /** Where a server listens: its unit's own number, or the usual one. */
  public static int port(Instance instance, Port port) {
    return instance.ports().getOrDefault(port.name(), port.number());
  }

  /** Whether instances of a mode follow each other, and so start read-only. */
  public static boolean replicates(String mode) {
    return mode.equals(ASYNC) || mode.equals(SEMI_SYNC);
  }
}
