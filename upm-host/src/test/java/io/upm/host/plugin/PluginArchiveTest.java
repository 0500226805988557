package io.upm.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PluginArchiveTest {
  @TempDir Path directory;

  @Test
  void readsAPluginThatIsAsItShouldBe() throws Exception {
    Path zip =
        TestPlugins.sample("1.0.0")
            .text("crds/b.yaml", "kind: B\n")
            .text("crds/a.yml", "kind: A\n")
            .text("crds/notes.txt", "not one")
            .writeTo(directory.resolve("sample.zip"));

    PluginArchive archive = PluginArchive.read(zip);

    String digest =
        HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(zip)));
    assertThat(archive.key()).isEqualTo(new PluginKey("sample", "1.0.0", digest));
    assertThat(archive.requires()).isEqualTo(">=0.1.0 & <0.2.0");
    assertThat(archive.crds()).containsExactly("kind: A\n", "kind: B\n");
    assertThat(archive.path()).isEqualTo(zip);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "../evil.txt                              | holds the path \"../evil.txt\", which leads outside of it",
        "lib/../../evil.jar                       | holds the path \"lib/../../evil.jar\", which leads outside of it",
        "/etc/evil                                | holds the path \"/etc/evil\", which leads outside of it",
        "lib\\..\\evil.jar                        | holds the path \"lib\\..\\evil.jar\", which leads outside of it",
        "C:evil                                   | holds the path \"C:evil\", which leads outside of it",
        "classes/io/upm/spi/Problem.class         | bundles the SPI (io/upm/spi/Problem.class in classes/io/upm/spi/Problem.class), which only the host may bring",
        "classes/org/slf4j/Logger.class           | bundles slf4j (org/slf4j/Logger.class in classes/org/slf4j/Logger.class), which only the host may bring",
        "classes/META-INF/versions/21/ch/qos/logback/core/Appender.class | bundles the logging backend Logback (ch/qos/logback/core/Appender.class in classes/META-INF/versions/21/ch/qos/logback/core/Appender.class), which only the host may bring",
        "plugin.properties/lib.jar                | holds \"plugin.properties\" as a file and as a directory",
      })
  void refusesAnEntry(String entry, String why) throws IOException {
    Path zip = TestPlugins.sample("1.0.0").text(entry, "x").writeTo(directory.resolve("p.zip"));

    assertRefused(zip, "p.zip " + why);
  }

  @ParameterizedTest
  @CsvSource({
    "io/upm/spi/EnginePlugin.class, the SPI",
    "org/slf4j/simple/SimpleLogger.class, slf4j",
    "com/fasterxml/jackson/annotation/JsonProperty.class, jackson-annotations",
    "jakarta/validation/Valid.class, the Jakarta Validation API",
    "org/apache/logging/log4j/core/Core.class, the logging backend Log4j",
  })
  void refusesAJarThatBringsWhatTheHostBrings(String file, String what) throws IOException {
    byte[] jar = TestPlugins.zip(Map.of("harmless/A.class", new byte[3], file, new byte[3]));
    Path zip =
        TestPlugins.sample("1.0.0").bytes("lib/fat.jar", jar).writeTo(directory.resolve("p.zip"));

    assertRefused(
        zip,
        "p.zip bundles %s (%s in lib/fat.jar), which only the host may bring"
            .formatted(what, file));
  }

  @Test
  void acceptsAJarThatBringsOtherThings() throws IOException {
    byte[] jar = TestPlugins.zip(Map.of("com/fasterxml/jackson/databind/A.class", new byte[3]));
    Path zip =
        TestPlugins.sample("1.0.0").bytes("lib/own.jar", jar).writeTo(directory.resolve("p.zip"));

    assertThat(PluginArchive.read(zip).key().id()).isEqualTo("sample");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "System.exit  | void end() { System.exit(1); }",
        "Runtime.exit | void end() { Runtime.getRuntime().exit(1); }",
        "Runtime.halt | void end() { Runtime.getRuntime().halt(1); }",
        "System.exit  | java.util.function.IntConsumer end() { return System::exit; }",
      })
  void refusesWhatEndsTheProcess(String call, String method) throws IOException {
    Map<String, String> source = Map.of("own.End", "package own; class End { " + method + " }");
    Path zip = TestPlugins.sample("1.0.0").classes(source).writeTo(directory.resolve("p.zip"));
    assertRefused(
        zip,
        "p.zip calls %s (classes/own/End.class in classes/own/End.class), which would end the host"
            .formatted(call));

    byte[] jar = TestPlugins.zip(TestPlugins.compile(source));
    Path inJar =
        TestPlugins.sample("1.0.0").bytes("lib/own.jar", jar).writeTo(directory.resolve("q.zip"));
    assertRefused(
        inJar,
        "q.zip calls %s (own/End.class in lib/own.jar), which would end the host".formatted(call));
  }

  @Test
  void refusesASymbolicLink() throws IOException {
    Path zip =
        TestPlugins.sample("1.0.0").text("lib/link", "/etc").writeTo(directory.resolve("p.zip"));
    int entry = directoryEntry(zip, "lib/link");
    patch(zip, entry + 38, 0xa1ff0000);

    assertRefused(zip, "p.zip holds \"lib/link\", which is a link or a special file");
  }

  @Test
  void refusesOneNameTwice() throws IOException {
    var entries = new LinkedHashMap<String, byte[]>();
    entries.put("lib/a.jar", new byte[1]);
    entries.put("lib/b.jar", new byte[1]);
    Path zip = Files.write(directory.resolve("p.zip"), TestPlugins.zip(entries));
    byte[] bytes = Files.readAllBytes(zip);
    bytes[directoryEntry(zip, "lib/b.jar") + 46 + 4] = 'a';
    Files.write(zip, bytes);

    assertRefused(zip, "p.zip holds \"lib/a.jar\" twice");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void refusesABomb(boolean inJar) throws IOException {
    var zeros = new TreeMap<String, byte[]>();
    for (int i = 0; i < 9; i++) {
      zeros.put("lib/zeros-" + i, new byte[64 << 20]);
    }
    TestPlugins plugin = TestPlugins.sample("1.0.0");
    if (inJar) {
      plugin.bytes("lib/zeros.jar", TestPlugins.zip(zeros));
    } else {
      zeros.forEach(plugin::bytes);
    }
    Path zip = plugin.writeTo(directory.resolve("p.zip"));

    assertThat(Files.size(zip)).isLessThan(8 << 20);
    assertRefused(zip, "p.zip expands to more than 512 MiB");
  }

  @Test
  void refusesTooManyEntries() throws IOException {
    TestPlugins plugin = TestPlugins.sample("1.0.0");
    for (int i = 0; i < 20_001; i++) {
      plugin.bytes("templates/" + i, new byte[0]);
    }
    Path zip = plugin.writeTo(directory.resolve("p.zip"));

    assertThatThrownBy(() -> PluginArchive.read(zip))
        .isInstanceOf(PluginArchiveException.class)
        .hasMessageMatching("p.zip has \\d+ entries, more than 20000");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "-       | 1.0.0 | >=0.1.0  | plugin.properties lacks plugin.id, lower-case letters, digits and dashes, such as my-engine",
        "Sample  | 1.0.0 | >=0.1.0  | plugin.id \"Sample\" is not lower-case letters, digits and dashes, such as my-engine",
        "../x    | 1.0.0 | >=0.1.0  | plugin.id \"../x\" is not lower-case letters, digits and dashes, such as my-engine",
        "sample  | -     | >=0.1.0  | plugin.properties lacks plugin.version, a version such as 1.0.0",
        "sample  | new   | >=0.1.0  | plugin.version \"new\" is not a version such as 1.0.0",
        "sample  | 1.0.0 | -        | plugin.properties lacks plugin.requires, a range of SPI versions such as >=0.1.0 & <0.2.0",
        "sample  | 1.0.0 | *        | plugin.requires \"*\" is not a range of SPI versions such as >=0.1.0 & <0.2.0",
        "sample  | 1.0.0 | 0.1.0    | plugin.requires \"0.1.0\" is not a range of SPI versions such as >=0.1.0 & <0.2.0",
        "sample  | 1.0.0 | >=so-so  | plugin.requires \">=so-so\" is not a range of SPI versions such as >=0.1.0 & <0.2.0",
      })
  void refusesProperties(String id, String version, String requires, String why)
      throws IOException {
    String text =
        (id == null ? "" : "plugin.id=" + id + "\n")
            + (version == null ? "" : "plugin.version=" + version + "\n")
            + (requires == null ? "" : "plugin.requires=" + requires + "\n");
    Path zip =
        TestPlugins.sample("1.0.0")
            .text("plugin.properties", text)
            .writeTo(directory.resolve("p.zip"));

    assertRefused(zip, "p.zip: " + why);
  }

  @Test
  void refusesDependenciesOnOtherPlugins() throws IOException {
    String text =
        "plugin.id=a\nplugin.version=1.0.0\nplugin.requires=>=0.1.0\nplugin.dependencies=b\n";
    Path zip =
        TestPlugins.sample("1.0.0")
            .text("plugin.properties", text)
            .writeTo(directory.resolve("p.zip"));

    assertRefused(zip, "p.zip declares plugin.dependencies: plugins never depend on each other");
  }

  @Test
  void refusesAZipWithoutProperties() throws IOException {
    Path zip =
        TestPlugins.sample("1.0.0")
            .without("plugin.properties")
            .writeTo(directory.resolve("p.zip"));

    assertRefused(zip, "p.zip has no plugin.properties");
  }

  @Test
  void refusesWhatIsNoZip() throws IOException {
    Path text = Files.writeString(directory.resolve("p.zip"), "hello", StandardCharsets.US_ASCII);

    assertThatThrownBy(() -> PluginArchive.read(text))
        .isInstanceOf(PluginArchiveException.class)
        .hasMessageStartingWith("p.zip can't be read as a zip: ");
    Path absent = directory.resolve("absent.zip");
    assertRefused(absent, absent + " is not there, or not a file");
  }

  @Test
  void refusesAZipThatIsCutOff() throws IOException {
    byte[] whole = Files.readAllBytes(TestPlugins.sample("1.0.0").writeTo(directory.resolve("w")));
    for (int length : new int[] {0, 1, 30, whole.length / 2, whole.length - 1}) {
      Path zip = Files.write(directory.resolve("p.zip"), java.util.Arrays.copyOf(whole, length));

      assertThatThrownBy(() -> PluginArchive.read(zip)).isInstanceOf(PluginArchiveException.class);
    }
  }

  private static void assertRefused(Path zip, String sentence) {
    assertThatThrownBy(() -> PluginArchive.read(zip))
        .isInstanceOf(PluginArchiveException.class)
        .hasMessage(sentence);
  }

  /** Where the zip's directory speaks of an entry. */
  private static int directoryEntry(Path zip, String name) throws IOException {
    String text = Files.readString(zip, StandardCharsets.ISO_8859_1);
    return text.lastIndexOf(name) - 46;
  }

  private static void patch(Path zip, int offset, int value) throws IOException {
    byte[] bytes = Files.readAllBytes(zip);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, value);
    Files.write(zip, bytes);
  }
}
