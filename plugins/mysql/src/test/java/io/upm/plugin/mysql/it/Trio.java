package io.upm.plugin.mysql.it;

import static org.awaitility.Awaitility.await;

import io.upm.plugin.mysql.MysqlEngine;
import io.upm.plugin.mysql.topology.MysqlReplicationSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Three semi-synchronous servers, set up from nothing by the plugin's own decisions. */
final class Trio implements AutoCloseable {
  private static final String SECRET = "it's \"ü漢\" \\n #;-- $(x) %s";

  private final String image;
  private final List<Unit> units = new ArrayList<>();
  private final MysqlReplicationSpec spec;
  private final Loop loop;
  private final List<String> setUp;

  private Trio(String image) {
    this.image = image;
    try {
      for (int ordinal = 0; ordinal < 3; ordinal++) {
        units.add(
            Unit.running(
                Unit.Plan.of(image, MysqlEngine.SEMI_SYNC, ordinal)
                    .withAccounts(Map.of(), Map.of("root", "root secret", "replication", SECRET))));
      }
      this.spec = Loop.spec(MysqlEngine.SEMI_SYNC, units);
      this.loop = new Loop(spec, SECRET);
      loop.settle();
      this.setUp = List.copyOf(loop.journal());
      a().run("CREATE DATABASE shop");
      a().run("CREATE TABLE shop.orders (id INT PRIMARY KEY, note VARCHAR(40))");
    } catch (RuntimeException | AssertionError e) {
      close();
      throw e;
    }
  }

  /** One of each version; the next is made when it is its turn. */
  static Stream<Trio> ofEachVersion() {
    return Images.all().stream().map(Trio::new);
  }

  Unit a() {
    return units.get(0);
  }

  Unit b() {
    return units.get(1);
  }

  Unit c() {
    return units.get(2);
  }

  List<Unit> units() {
    return units;
  }

  MysqlReplicationSpec spec() {
    return spec;
  }

  Loop loop() {
    return loop;
  }

  /** What was done to set it up. */
  List<String> setUp() {
    return setUp;
  }

  void insert(int id) {
    insert(a(), id);
  }

  void insert(Unit unit, int id) {
    unit.run("INSERT INTO shop.orders VALUES (%d, 'x')".formatted(id));
  }

  void awaitRow(Unit unit, int id) {
    await()
        .alias("row %d in %s".formatted(id, unit.instance().identity().unit()))
        .until(
            () -> unit.rows("SELECT id FROM shop.orders WHERE id = " + id),
            rows -> !rows.isEmpty());
  }

  @Override
  public String toString() {
    return image;
  }

  @Override
  public void close() {
    units.forEach(Unit::close);
  }
}
