package io.upm.agent.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.upm.agent.container.Programs;
import io.upm.spi.Password;
import io.upm.spi.PluginException;
import io.upm.spi.instance.ProcessSpec;
import io.upm.spi.store.BackupManifest;
import io.upm.spi.store.Encoding;
import io.upm.spi.store.Encoding.Compression;
import io.upm.spi.store.EncryptionKey;
import io.upm.spi.store.Feed;
import io.upm.spi.store.ObjectStore;
import io.upm.spi.store.ObjectStore.Stored;
import io.upm.spi.store.StoreLocation;
import io.upm.spi.store.StoredObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The real mover, and a real S3 server: the program that {@code UPM_S3_SERVER} leads to. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MoverStoreIT {
  private static final EncryptionKey KEY =
      EncryptionKey.of(Password.of("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="));
  private static final Encoding ENCODING =
      new Encoding(Compression.ZSTD, Optional.of(KEY), "a test");

  @TempDir private static Path directory;
  private Process server;
  private ObjectStore store;

  @BeforeAll
  void start() throws IOException {
    String program = System.getenv().getOrDefault("UPM_S3_SERVER", "");
    Assumptions.assumeFalse(program.isEmpty(), "UPM_S3_SERVER names no S3 server");
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    Files.createDirectories(directory.resolve("store/backups"));
    var builder =
        new ProcessBuilder(
            program,
            "--quiet",
            "--port",
            "127.0.0.1:" + port,
            "posix",
            directory.resolve("store").toString());
    builder.environment().putAll(Map.of("ROOT_ACCESS_KEY", "agent", "ROOT_SECRET_KEY", "a secret"));
    server = builder.redirectErrorStream(true).redirectOutput(log().toFile()).start();
    await("the server listens")
        .ignoreExceptions()
        .until(() -> {
          new Socket("127.0.0.1", port).close();
          return true;
        });
    store =
        new MoverStore(
            new Mover(Programs.mover()),
            new StoreLocation(
                "http://127.0.0.1:" + port,
                "us-east-1",
                "backups",
                "",
                "agent",
                Password.of("a secret")));
  }

  @AfterAll
  void stop() {
    if (server != null) {
      server.destroy();
      server.onExit().join();
    }
  }

  @Test
  void whatAProgramWritesIsReadByAnother() throws IOException {
    var progress = new AtomicLong();
    Stored stored =
        store.put(
            "there/data",
            ENCODING,
            new Feed(shell("cat; echo and more"), "a secret\n".getBytes(StandardCharsets.UTF_8), 0),
            progress::set);

    Path copy = directory.resolve("copy");
    store.get(stored.object(), ENCODING, Feed.of(shell("cat >" + copy)), progress::set);

    assertThat(copy).hasContent("a secret\nand more");
    assertThat(stored.head()).isEqualTo("a secret\nand more\n");
    assertThat(stored.object().bytes()).isEqualTo(18);
    assertThat(progress).hasValue(18);
    assertThat(Files.readString(object("there/data"), StandardCharsets.ISO_8859_1))
        .doesNotContain("secret");
    assertThat(store.list("there/")).containsExactly("there/data");
    store.remove("there/");
    assertThat(store.list("there/")).isEmpty();
  }

  @Test
  void orByTwoOfWhichTheSecondReadsWhatTheFirstMakesOfIt() {
    Stored stored = store.put("row", ENCODING, Feed.of(shell("seq 3")), bytes -> {});
    Path copy = directory.resolve("row");

    store.get(
        stored.object(),
        ENCODING,
        Feed.through(shell("sed s/$/!/"), shell("cat >" + copy)),
        bytes -> {});

    assertThat(copy).hasContent("1!\n2!\n3!");
  }

  @Test
  void aDirectoryComesBackAsOne() throws IOException {
    Path made = Files.createDirectories(directory.resolve("made"));
    Files.createDirectory(made.resolve("db"));
    Files.writeString(made.resolve("db/t.ibd"), "rows");
    Files.writeString(made.resolve("ibdata1"), "a secret");
    var progress = new AtomicLong();

    StoredObject stored = store.pack("tree", ENCODING, made, progress::set);
    Path back = Files.createDirectory(directory.resolve("back"));
    store.unpack(stored, ENCODING, back, bytes -> {});

    assertThat(progress).hasValue(stored.bytes());
    assertThat(back.resolve("db/t.ibd")).hasContent("rows");
    assertThat(back.resolve("ibdata1")).hasContent("a secret");
    store.check(stored, ENCODING, bytes -> {});
    assertThatThrownBy(() -> store.unpack(stored, ENCODING, back, bytes -> {}))
        .hasMessageContaining("back is not empty");
  }

  @Test
  void aManifestIsReadAsItWasPublished() {
    var manifest =
        new BackupManifest(
            BackupManifest.FORMAT,
            "mysql",
            "8.0.33",
            "logical-backup",
            "default",
            "db",
            "db-0",
            "2026-11-22T10:00:00Z",
            "2026-11-22T10:00:01Z",
            Map.of("gtidExecuted", "a:1-3"),
            Compression.ZSTD,
            KEY.id(),
            List.of());
    assertThat(store.manifest("backup/")).isEmpty();

    store.publish("backup/", manifest);

    assertThat(store.manifest("backup/")).contains(manifest);
  }

  @Test
  void whatIsDamagedIsRefusedForGood() throws IOException {
    Stored stored = store.put("spoilt", ENCODING, Feed.of(shell("seq 1000")), bytes -> {});
    byte[] content = Files.readAllBytes(object("spoilt"));
    content[content.length / 2] ^= 1;
    Files.write(object("spoilt"), content);

    assertThatThrownBy(() -> store.check(stored.object(), ENCODING, bytes -> {}))
        .isInstanceOfSatisfying(
            PluginException.class,
            refused -> assertThat(refused.kind()).isEqualTo(PluginException.Kind.USER))
        .hasMessageContaining("the key is another one, or the data are damaged");
  }

  @Test
  void whoIsInterruptedLeavesNothing() {
    var told = new AtomicLong();
    var ended = new CompletableFuture<Throwable>();
    Thread worker =
        Thread.ofVirtual()
            .start(() -> {
              try {
                store.put("endless", ENCODING, Feed.of(shell("exec cat /dev/zero")), told::set);
                ended.complete(new AssertionError("it ended"));
              } catch (PluginException e) {
                ended.complete(e);
              }
            });
    await().atMost(Duration.ofSeconds(30)).until(() -> told.get() > 0);

    worker.interrupt();

    assertThat(ended.join()).hasMessage("interrupted while data were moved");
    assertThat(ProcessHandle.current().children())
        .noneMatch(child -> child.info().command().orElse("").endsWith("/mover"));
    assertThat(store.list("endless")).isEmpty();
  }

  private ProcessSpec shell(String script) {
    return new ProcessSpec(List.of("sh", "-c", script), Map.of(), directory);
  }

  private Path object(String key) {
    return directory.resolve("store/backups").resolve(key);
  }

  private Path log() {
    return directory.resolve("log");
  }
}
