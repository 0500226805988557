package io.upm.spi;

import static org.assertj.core.api.Assertions.assertThat;

import japicmp.cmp.JApiCmpArchive;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A plugin that was built against a supported older SPI works with this one. The older ones lie in
 * {@code api/} as they were released; {@code docs/spi-compatibility.md} says what is promised.
 */
class CompatibilityTest {
  private static final Path BASELINES = Path.of("api");

  @TempDir private Path directory;

  static List<Path> baselines() throws IOException {
    try (var files = Files.list(BASELINES)) {
      return files
          .filter(file -> file.toString().endsWith(".jar"))
          .filter(file -> promise(version(file)).equals(promise(EnginePlugin.SPI_VERSION)))
          .sorted()
          .toList();
    }
  }

  @Test
  void thereIsAnOlderVersionToCompareWith() throws IOException {
    assertThat(baselines())
        .as("the jar of the first version of %s in api/", promise(EnginePlugin.SPI_VERSION))
        .isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("baselines")
  void whatWasBuiltAgainstAnOlderVersionWorks(Path baseline) throws IOException {
    Path current = jar("current", Path.of("target", "classes"));

    List<String> breaking =
        ApiChanges.breaking(archive(baseline, version(baseline)), archive(current, "current"));

    assertThat(breaking)
        .as(
            "changes since %s that break plugins: take them back, or raise %s and say so in CHANGELOG.md",
            version(baseline), promise(EnginePlugin.SPI_VERSION))
        .isEmpty();
  }

  @ParameterizedTest(name = "{0} → {1}: {2}")
  @MethodSource("changes")
  void aChangeIsJudgedByWhoImplementsIt(String before, String after, String expected)
      throws IOException {
    Path older = compiled("older", before);
    Path newer = compiled("newer", after);

    List<String> breaking = ApiChanges.breaking(archive(older, "1"), archive(newer, "2"));

    if (expected.isEmpty()) {
      assertThat(breaking).isEmpty();
    } else {
      assertThat(breaking).anySatisfy(line -> assertThat(line).contains(expected));
    }
  }

  static Stream<Arguments> changes() {
    String plugin = "public interface EnginePlugin { int one(); %s }";
    String host = "public interface RuntimeContext { int one(); %s }";
    String value = "public record Problem(%s) { %s }";
    return Stream.of(
        Arguments.of(plugin.formatted(""), plugin.formatted("default void two() {}"), ""),
        Arguments.of(
            plugin.formatted(""),
            plugin.formatted("void two();"),
            "EnginePlugin#two[]: METHOD_ADDED_TO_INTERFACE"),
        Arguments.of(host.formatted(""), host.formatted("void two();"), ""),
        Arguments.of(
            host.formatted("void two();"),
            host.formatted(""),
            "RuntimeContext#two[]: METHOD_REMOVED"),
        Arguments.of(
            value.formatted("int one", ""),
            value.formatted("int one, int two", ""),
            "Problem#<init>[int]: CONSTRUCTOR_REMOVED"),
        Arguments.of(
            value.formatted("int one", ""),
            value.formatted("int one, int two", "public Problem(int one) { this(one, 0); }"),
            ""),
        Arguments.of(
            "public enum Impact { A, B }", "public enum Impact { A }", "Impact#B: FIELD_REMOVED"));
  }

  /** Before 1.0 each minor version may break, after it each major one. */
  private static String promise(String version) {
    String[] numbers = version.split("\\.");
    return numbers[0].equals("0") ? "0." + numbers[1] : numbers[0];
  }

  private static String version(Path baseline) {
    return String.valueOf(baseline.getFileName()).replaceAll("^upm-spi-|\\.jar$", "");
  }

  private static JApiCmpArchive archive(Path jar, String version) {
    return new JApiCmpArchive(jar.toFile(), version);
  }

  /** A class of the SPI's package, of one source. */
  private Path compiled(String name, String source) throws IOException {
    Path classes = Files.createDirectories(directory.resolve(name + "-classes"));
    String type = source.replaceAll("public (interface|record|enum) (\\w+).*", "$2");
    var file =
        new SimpleJavaFileObject(
            URI.create("string:///io/upm/spi/" + type + ".java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return "package io.upm.spi; " + source;
          }
        };
    var options = List.of("-d", classes.toString(), "-proc:none", "-cp", classes.toString());
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, null, options, null, List.of(file))
                .call())
        .as(source)
        .isTrue();
    return jar(name, classes);
  }

  private Path jar(String name, Path classes) throws IOException {
    Map<String, byte[]> entries = new TreeMap<>();
    try (var files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        entries.put(
            classes.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
      }
    }
    var bytes = new ByteArrayOutputStream();
    try (var out = new JarOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        out.putNextEntry(new JarEntry(entry.getKey()));
        out.write(entry.getValue());
      }
    }
    return Files.write(directory.resolve(name + ".jar"), bytes.toByteArray());
  }
}
