package io.upm.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.upm.host.plugin.LoadedPlugin;
import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginHost;
import io.upm.host.plugin.PluginPhase;
import io.upm.runtime.leak.Leaky;
import io.upm.spi.EnginePlugin;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each way that is known to keep a plugin in memory, done by a plugin from a zip with the real
 * libraries: found when it is retired, named as the status of its Plugin does, and over once the
 * plugin's authors clean up. A listener that is left in the host is in {@link RetiredPluginsTest}.
 */
final class LeakTest {
  private static final Duration PATIENCE = Duration.ofMillis(500);

  /** Netty's threads take a few seconds to end. */
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private static final Pattern EXITING =
      Pattern.compile(".*/(PGJDBCMain|UncaughtExceptionHandlers.*)\\.class");

  private final ExecutorService hostThread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("host-pool").factory());

  /** What a plugin brings in its {@code lib}. */
  private enum Library {
    NONE(""),
    MYSQL("mysql-connector.*"),
    POSTGRESQL("postgresql.*"),
    MARIADB("mariadb.*"),
    GRPC("(grpc|guava|failureaccess|perfmark)-.*");

    private final String jars;

    Library(String jars) {
      this.jars = jars;
    }
  }

  @TempDir private Path directory;
  private PluginHost host;
  private RetiredPlugins retired;

  @BeforeEach
  void open() {
    // Plugins that have threads of their own could leave nothing on one of the host.
    host = new PluginHost(directory.resolve("work"), EnginePlugin.SPI_VERSION);
    retired = new RetiredPlugins(host, directory, PATIENCE);
  }

  @AfterEach
  void close() {
    retired.close();
    host.close();
    hostThread.shutdownNow();
  }

  @ParameterizedTest
  @CsvSource({
    "Leaky, thread, NONE, thread \"leaky-thread\"",
    "Leaky, virtualThread, NONE, thread \"leaky-virtual\"",
    "Leaky, threadLocal, NONE, thread \"host-pool\" > Thread.threadLocals",
    "Leaky, shutdownHook, NONE, static field ApplicationShutdownHooks.hooks",
    "Leaky, bean, NONE, Repository",
    "LeakyDrivers, mysql, MYSQL, thread \"mysql-cj-abandoned-connection-cleanup\"",
    "LeakyDrivers, mysqlDeregistered, MYSQL, thread \"mysql-cj-abandoned-connection-cleanup\"",
    "LeakyDrivers, postgresql, POSTGRESQL, static field DriverManager.registeredDrivers",
    "LeakyDrivers, mariadb, MARIADB, static field DriverManager.registeredDrivers",
    "LeakyNetty, channel, GRPC, thread \"grpc",
    "LeakyNetty, threadLocal, GRPC, thread \"host-pool\" > Thread.threadLocals"
  })
  void isFoundNamedAndOverWhenCleanedUp(String type, String leak, Library library, String holder)
      throws Exception {
    LoadedPlugin plugin = load(library);
    hostThread.submit(() -> plugin.run("leak", engine -> misuse(loader(engine), type, leak))).get();

    hostThread.submit(() -> retired.add(plugin)).get();

    try {
      // What threads of a careless plugin throw when its zip is closed is theirs.
      await()
          .dontCatchUncaughtExceptions()
          .atMost(LIMIT)
          .untilAsserted(() ->
              assertThat(retired.holder(plugin.key()))
                  .hasValueSatisfying(one -> assertThat(one).contains(holder)));
      assertThat(plugin.phase()).isEqualTo(PluginPhase.LEAKED);
    } finally {
      hostThread
          .submit(() -> {
            call(Objects.requireNonNull(plugin.remains().get()), type + "$Undo", leak);
            return true;
          })
          .get();
      // What the task before is made of is on the thread's stack until the next one.
      hostThread.submit(() -> {}).get();
    }
    assertThat(plugin.reclaimed(LIMIT)).isTrue();
  }

  private static ClassLoader loader(EnginePlugin engine) {
    return engine.getClass().getClassLoader();
  }

  private static void misuse(ClassLoader loader, String type, String leak)
      throws ReflectiveOperationException {
    call(loader, type, leak);
    // There is no loading from the zip any more when it is wanted.
    Class.forName(name(type) + "$Undo", true, loader);
  }

  private static void call(ClassLoader loader, String type, String method)
      throws ReflectiveOperationException {
    Method called = loader.loadClass(name(type)).getDeclaredMethod(method);
    called.setAccessible(true);
    called.invoke(null);
  }

  private LoadedPlugin load(Library library) throws Exception {
    var zip = new ToyZip("toy", "1.0.0");
    Path classes = Path.of(Leaky.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    for (Path file : files(classes.resolve(Leaky.class.getPackageName().replace('.', '/')))) {
      zip.with("classes/" + classes.relativize(file), Files.readAllBytes(file));
    }
    for (Path jar : jars().filter(jar -> name(jar).matches(library.jars)).toList()) {
      zip.with("lib/" + name(jar), acceptable(jar));
    }
    Path file = directory.resolve("toy.zip");
    zip.write(file);
    return host.load(PluginArchive.read(file));
  }

  /** Without the classes for which a runtime would refuse it: those that end the process. */
  private static byte[] acceptable(Path jar) throws IOException {
    var content = new ByteArrayOutputStream();
    try (var from = new ZipInputStream(Files.newInputStream(jar));
        var to = new ZipOutputStream(content)) {
      for (ZipEntry entry = from.getNextEntry(); entry != null; entry = from.getNextEntry()) {
        if (!EXITING.matcher(entry.getName()).matches()) {
          to.putNextEntry(new ZipEntry(entry.getName()));
          from.transferTo(to);
        }
      }
    }
    return content.toByteArray();
  }

  /** What the build put aside for careless plugins, and what the runtime itself has. */
  private static Stream<Path> jars() throws IOException {
    Stream<Path> own =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .filter(file -> name(file).endsWith(".jar"));
    return Stream.concat(files(Path.of("target", "careless")).stream(), own);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static String name(String type) {
    return Leaky.class.getPackageName() + "." + type;
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
