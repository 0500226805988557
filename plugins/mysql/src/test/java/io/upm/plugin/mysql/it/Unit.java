package io.upm.plugin.mysql.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.upm.plugin.mysql.Instances;
import io.upm.plugin.mysql.MysqlEngine;
import io.upm.plugin.mysql.MysqlPlugin;
import io.upm.plugin.mysql.client.Login;
import io.upm.plugin.mysql.client.Session;
import io.upm.spi.Password;
import io.upm.spi.config.ConfigFile;
import io.upm.spi.config.ConfigInput;
import io.upm.spi.instance.Accounts;
import io.upm.spi.instance.AgentContext;
import io.upm.spi.instance.EngineLifecycle;
import io.upm.spi.instance.Health;
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.ProcessRunner;
import io.upm.spi.instance.ProcessSpec;
import io.upm.spi.topology.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;

/**
 * One instance as an agent would run it: the plugin's own life cycle here, its processes in a
 * container.
 */
final class Unit implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration SESSION = Duration.ofSeconds(30);

  static {
    // However slow the machine is: several servers run side by side.
    Awaitility.setDefaultTimeout(PATIENCE);
  }

  private final Box box;
  private final Instance instance;
  private final EngineLifecycle lifecycle;
  private final Map<String, String> passwords;
  private final Map<String, String> parameters;

  private Unit(
      Box box, Instance instance, Map<String, String> passwords, Map<String, String> parameters) {
    this.box = box;
    this.instance = instance;
    this.passwords = passwords;
    this.parameters = parameters;
    this.lifecycle = new MysqlPlugin().lifecycle(new Context());
  }

  /** How a unit is to be. */
  record Plan(
      String image,
      String mode,
      int ordinal,
      int memoryMiB,
      Map<String, String> settings,
      Map<String, String> passwords,
      Map<String, String> parameters) {
    static Plan of(String image, String mode, int ordinal) {
      return new Plan(
          image,
          mode,
          ordinal,
          512,
          Map.of(),
          Map.of("root", "admin secret", "replication", "repl secret", "monitor", "mon secret"),
          Map.of());
    }

    Plan withMemory(int value) {
      return new Plan(image, mode, ordinal, value, settings, passwords, parameters);
    }

    Plan withAccounts(Map<String, String> names, Map<String, String> secrets) {
      return new Plan(image, mode, ordinal, memoryMiB, names, secrets, parameters);
    }

    Plan withParameters(Map<String, String> values) {
      return new Plan(image, mode, ordinal, memoryMiB, settings, passwords, values);
    }
  }

  /** A container without a server in it yet. */
  static Unit make(Plan plan) {
    var box = new Box(plan.image(), plan.memoryMiB());
    Instance instance =
        Instances.anInstance()
            .version(Images.version(plan.image()).toString())
            .mode(plan.mode())
            .memoryMiB(plan.memoryMiB())
            .cores(1)
            .ordinal(plan.ordinal())
            .host(box.address())
            .root(box.root())
            .port(box.port())
            .settings(plan.settings())
            .build();
    return new Unit(box, instance, new HashMap<>(plan.passwords()), plan.parameters());
  }

  /** Configured, checked by the server itself, initialised and running. */
  static Unit running(Plan plan) {
    Unit unit = make(plan);
    unit.configure();
    unit.lifecycle.initialize(unit.instance);
    unit.start();
    return unit;
  }

  Instance instance() {
    return instance;
  }

  EngineLifecycle lifecycle() {
    return lifecycle;
  }

  Box box() {
    return box;
  }

  Map<String, String> passwords() {
    return passwords;
  }

  Endpoint endpoint() {
    return new Endpoint(instance.identity().unit(), box.address(), box.port());
  }

  void configure() {
    var input = new ConfigInput(instance, parameters);
    var renderer = new MysqlPlugin().config();
    assertThat(renderer.check(input)).isEmpty();
    try {
      Files.createDirectories(instance.layout().config());
      for (ConfigFile file : renderer.render(input)) {
        Files.writeString(instance.layout().config().resolve(file.path()), file.content());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ProcessSpec check = lifecycle.checkConfig(instance, instance.layout().config()).orElseThrow();
    ProcessRunner.Result result = box.run(check, new byte[0], PATIENCE);
    assertThat(result.succeeded()).as(result.output()).isTrue();
  }

  void start() {
    box.start(lifecycle.start(instance));
    await()
        .alias("server of " + instance.identity().unit())
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(
            () -> assertThat(probe().alive()).as(() -> probe() + "\n" + box.log()).isTrue());
  }

  Health probe() {
    return lifecycle.probe(instance);
  }

  void stop() {
    box.signal("TERM");
    awaitGone();
  }

  void kill() {
    box.signal("KILL");
    awaitGone();
  }

  private void awaitGone() {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(() -> assertThat(box.isRunning()).as(box::log).isFalse());
  }

  /** A session of the administrator. */
  Session admin() throws SQLException {
    return session(instance.user(MysqlEngine.ADMIN));
  }

  Session session(String user) throws SQLException {
    return session(user, Optional.ofNullable(passwords.get(user)).orElseThrow());
  }

  Session session(String user, String password) throws SQLException {
    return Session.open(new Login(box.address(), box.port(), user, Password.of(password)), SESSION);
  }

  /** First column of the first row. */
  String value(String sql) {
    try (Session session = admin()) {
      return session.row(sql).orElseThrow().values().iterator().next();
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  void run(String sql) {
    try (Session session = admin()) {
      session.run(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  List<Map<String, String>> rows(String sql) {
    try (Session session = admin()) {
      return session.rows(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  @Override
  public void close() {
    lifecycle.close();
    box.close();
  }

  @Override
  public String toString() {
    return box.image();
  }

  Path data() {
    return instance.layout().data();
  }

  private final class Context implements AgentContext {
    @Override
    public ProcessRunner processes() {
      return box;
    }

    @Override
    public Accounts accounts() {
      return user -> Optional.ofNullable(passwords.get(user)).map(Password::of);
    }

    @Override
    public Clock clock() {
      return Clock.systemUTC();
    }
  }
}
