package io.upm.acceptance.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Code that serves every engine names none. Comments may, as examples. */
class EngineNamesTest {
  private static final Pattern ENGINE =
      Pattern.compile("(?i)mysql|postgres|redis|kafka|zookeeper|elasticsearch|proxysql|mongo|etcd");
  private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//[^\\n]*", Pattern.DOTALL);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "upm-spi/src/main",
        "upm-host/src/main",
        "upm-runtime/src/main",
        "upm-testkit/src/main",
        "agent/protocol/src/main",
        "agent/instance-manager/src/main",
        "agent/launcher"
      })
  void noEngineIsNamed(String folder) throws IOException {
    var found = new ArrayList<String>();
    Path root = repository().resolve(folder);
    try (var files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).filter(this::isCode).toList()) {
        found.addAll(enginesIn(root, file));
      }
    }

    assertThat(found).isEmpty();
  }

  private boolean isCode(Path file) {
    return file.toString().matches(".*\\.(java|go|proto|properties|xml|peb)")
        && !file.toString().endsWith("_test.go");
  }

  private static List<String> enginesIn(Path root, Path file) {
    try {
      String code = COMMENT.matcher(Files.readString(file)).replaceAll("");
      return ENGINE
          .matcher(code)
          .results()
          .map(match -> root.relativize(file) + ": " + match.group())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path repository() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.exists(folder.resolve("upm-spi"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new IllegalStateException("not inside the repository");
    }
    return folder;
  }
}
