package io.upm.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.spi.config.ConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFilesTest {
  private static final List<ConfigFile> ONE =
      List.of(new ConfigFile("a.cnf", "a", false), new ConfigFile("d/b.cnf", "b", true));
  private static final List<ConfigFile> OTHER = List.of(new ConfigFile("a.cnf", "other", false));

  @TempDir private Path data;
  private ConfigFiles files;

  @BeforeEach
  void open() {
    files = new ConfigFiles(data.resolve(".upm/config"), data.resolve("conf"));
  }

  @Test
  void stagedConfigurationIsNotInForce() throws IOException {
    String digest = ConfigFiles.digest(ONE);
    Path staged = files.stage(digest, ONE);
    assertThat(staged.resolve("d/b.cnf")).hasContent("b");
    assertThat(files.inForce()).isEmpty();
    assertThat(data.resolve("conf")).doesNotExist();
  }

  @Test
  void configurationsChangePlacesInOneStep() throws IOException {
    put(ONE);
    assertThat(data.resolve("conf/a.cnf")).hasContent("a");
    put(OTHER);
    assertThat(data.resolve("conf/a.cnf")).hasContent("other");
    assertThat(data.resolve("conf/d")).doesNotExist();
    assertThat(files.inForce()).contains(ConfigFiles.digest(OTHER));
  }

  @Test
  void secretFilesAreForTheEngineAlone() throws IOException {
    put(ONE);
    assertThat(permissions("conf/a.cnf")).isEqualTo("rw-r-----");
    assertThat(permissions("conf/d/b.cnf")).isEqualTo("rw-------");
  }

  @Test
  void fileThatSomebodyChangedIsWrittenAnew() throws IOException {
    put(ONE);
    Files.writeString(data.resolve("conf/a.cnf"), "changed");
    put(ONE);
    assertThat(data.resolve("conf/a.cnf")).hasContent("a");
  }

  @Test
  void linkHoldsWhereverTheVolumeIsMounted(@TempDir Path elsewhere) throws IOException {
    put(ONE);
    Path moved = elsewhere.resolve("data");
    Files.move(data, moved);
    assertThat(moved.resolve("conf/a.cnf")).hasContent("a");
    Files.move(moved, data);
  }

  @Test
  void directoryOfTheUsersIsLeftAlone() throws IOException {
    Files.createDirectories(data.resolve("conf/theirs"));
    files.stage(ConfigFiles.digest(ONE), ONE);
    assertThatThrownBy(() -> files.putInForce(ConfigFiles.digest(ONE)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not the agent's");
    assertThat(data.resolve("conf/theirs")).exists();
  }

  @Test
  void othersAreForgotten() throws IOException {
    put(ONE);
    put(OTHER);
    files.keepOnly(Set.of(ConfigFiles.digest(OTHER)));
    assertThat(data.resolve(".upm/config"))
        .isDirectoryNotContaining("glob:**" + ConfigFiles.digest(ONE));
    assertThat(data.resolve("conf/a.cnf")).hasContent("other");
  }

  @Test
  void digestDependsOnEverythingButTheOrder() {
    assertThat(ConfigFiles.digest(ONE)).isEqualTo(ConfigFiles.digest(ONE.reversed()));
    assertThat(
            List.of(
                ONE,
                OTHER,
                List.of(new ConfigFile("a.cnf", "a", false), new ConfigFile("d/b.cnf", "b", false)),
                List.of(new ConfigFile("a.cnf", "", false), new ConfigFile("d/b.cnf", "ab", true)),
                List.<ConfigFile>of()))
        .extracting(ConfigFiles::digest)
        .doesNotHaveDuplicates();
  }

  private void put(List<ConfigFile> configuration) throws IOException {
    String digest = ConfigFiles.digest(configuration);
    files.stage(digest, configuration);
    files.putInForce(digest);
  }

  private String permissions(String file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(file)));
  }
}
