package io.upm.agent.state;

import static io.upm.agent.document.DocumentsForTests.withMounts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {
  @TempDir private Path directory;

  @Test
  void findsTheDataVolume() throws IOException {
    assertThat(of(Map.of("data", "/a", "log", "/b"))).isEqualTo(Path.of("/a"));
    assertThat(of(Map.of("pgdata", "/a"))).isEqualTo(Path.of("/a"));
    assertThatThrownBy(() -> of(Map.of("one", "/a", "other", "/b")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("UPM_DATA_DIR tells");
    Files.createDirectories(directory.resolve(".upm"));
    assertThat(of(Map.of("data", "/a", "other", directory.toString()))).isEqualTo(directory);
  }

  @Test
  void filesAreReplacedWholeAndKeepTheirPermissions() throws IOException {
    Path file = directory.resolve("new/file");
    DurableFile.write(file, "one");
    DurableFile.write(file, new byte[] {'2'}, DurableFile.PRIVATE);
    assertThat(file).hasContent("2");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(file.getParent()).isDirectoryNotContaining("glob:**.new");
  }

  private static Path of(Map<String, String> mounts) {
    return StateDirectory.of(withMounts(1, "demo-0", mounts)).data();
  }
}
