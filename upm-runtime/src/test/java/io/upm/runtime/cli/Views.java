package io.upm.runtime.cli;

import io.upm.runtime.cli.StatusView.BackupRow;
import io.upm.runtime.cli.StatusView.CallRow;
import io.upm.runtime.cli.StatusView.Concern;
import io.upm.runtime.cli.StatusView.DeclaredRow;
import io.upm.runtime.cli.StatusView.ServiceRow;
import io.upm.runtime.cli.StatusView.Subject;
import io.upm.runtime.cli.StatusView.TopologyRow;
import io.upm.runtime.cli.StatusView.UnitRow;
import io.upm.runtime.cli.StatusView.VolumeRow;
import java.time.Instant;
import java.util.List;

/** Views for tests. */
final class Views {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private static final String POSITION =
      "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-482113,5c0de0b2-9f3b-11ef-8a53-02c0f5f3f1aa:1-77";

  private Views() {}

  static StatusView healthy() {
    return new StatusView(
        subject(true, 3),
        List.of(unit(0, "Source", null), unit(1, "Replica", 0L), unit(2, "Replica", 12L)),
        List.of(
            new TopologyRow("Replication", "orders", true, "orders-0", "all 3 nodes as wanted")),
        List.of(
            service("orders-readwrite", "10.80.12.7:3306", "orders-0"),
            service("orders-readonly", "10.80.33.101:3306", "orders-1", "orders-2"),
            service("orders-headless-svc", "None:3306", "orders-0", "orders-1", "orders-2"),
            new ServiceRow(
                "orders-0-svc",
                "NodePort",
                "10.80.7.9:3306, node port 31306",
                "orders-0",
                List.of("orders-0"))),
        List.of(
            new DeclaredRow("Database", "orders", "orders", true),
            new DeclaredRow("DatabaseUser", "app", "app", true),
            new DeclaredRow("DatabaseUser", "reports", "reports-ro", true)),
        List.of(
            new CallRow(
                "orders-nightly-202611220200-1",
                "orders-2",
                "logical-backup",
                true,
                42,
                75L,
                "dumps"),
            new CallRow("purge", "orders-2", "gtid-purge", false, null, null, "")),
        List.of(
            new BackupRow("orders-nightly-202611220200", "orders-2", "Running", null, null, "", ""),
            new BackupRow(
                "orders-nightly-202611210200",
                "orders-2",
                "Succeeded",
                NOW.minusSeconds(86_000),
                50_000_000L,
                "True",
                "s3://backups/engine/shop/orders/20261121T020000Z-orders-2/")),
        List.of());
  }

  static StatusView troubled() {
    return new StatusView(
        subject(false, 2),
        List.of(unit(0, "Source", null), unit(1, "Replica", 0L), starting()),
        List.of(
            new TopologyRow(
                "Replication", "orders", false, "orders-0", "orders-2 can't be reached")),
        List.of(
            service("orders-readwrite", "10.80.12.7:3306", "orders-0"),
            service("orders-readonly", "10.80.33.101:3306")),
        List.of(new DeclaredRow("DatabaseUser", "app", "app", false)),
        List.of(),
        List.of(),
        List.of(
            new Concern(
                "Unit orders-2",
                "Ready=False",
                "PodPending",
                "0/1 nodes are available: 1 Insufficient memory. preemption: 0/1 nodes are available:"
                    + " 1 No preemption victims found for incoming pod.",
                NOW.minusSeconds(200),
                null,
                "Give the node room, or ask for less in spec.resources.requests of the UnitSet."),
            new Concern(
                "Replication orders",
                Concern.WAITING,
                "orders-2 is reachable",
                "",
                NOW.minusSeconds(30),
                NOW.plusSeconds(270),
                "Bring orders-2 back, or take it out of the set."),
            new Concern(
                "Replication orders, node orders-2",
                "",
                "",
                "the connection is refused",
                null,
                null,
                "See that orders-2 runs and is reached at orders-2.orders-headless-svc:3306.")));
  }

  static StatusView withoutUnits() {
    return new StatusView(
        new Subject("Replication", "prod", "legacy", true, "", "", "rpl_async", 2, 2),
        List.of(
            external("db1", "Source", "db1.example.com:3306"),
            external("db2", "Replica", "db2.example.com:3306")),
        List.of(),
        List.of(service("legacy-readwrite", "10.80.12.8:3306", "db1")),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  private static Subject subject(boolean ready, int readyUnits) {
    return new Subject(
        "UnitSet", "shop", "orders", ready, "engine", "8.0.33", "semi_sync", 3, readyUnits);
  }

  private static UnitRow unit(
      int ordinal, String role, @org.jspecify.annotations.Nullable Long lag) {
    return new UnitRow(
        "orders-" + ordinal,
        role,
        true,
        "",
        lag,
        POSITION,
        "worker-" + ordinal,
        "10.80.129." + (10 + ordinal),
        "0.1.0",
        "engine 0.1.0",
        0,
        1,
        List.of(new VolumeRow("data", "10Gi", "Bound")));
  }

  private static UnitRow starting() {
    return new UnitRow(
        "orders-2",
        "",
        false,
        "PodPending",
        null,
        "",
        "",
        "",
        "",
        "",
        1,
        null,
        List.of(new VolumeRow("data", "10Gi", "Pending")));
  }

  private static UnitRow external(String name, String role, String host) {
    return new UnitRow(name, role, true, "", 0L, POSITION, host, host, "", "", 0, null, List.of());
  }

  private static ServiceRow service(String name, String address, String... endpoints) {
    return new ServiceRow(name, "ClusterIP", address, "", List.of(endpoints));
  }
}
