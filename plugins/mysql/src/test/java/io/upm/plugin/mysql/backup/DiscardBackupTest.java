package io.upm.plugin.mysql.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DiscardBackupTest {
  @Test
  void aBackupIsItsManifestAndItsDump() {
    assertThat(DiscardBackup.foreign("a/b/", List.of("a/b/data.sql", "a/b/manifest.json")))
        .isEmpty();
    assertThat(DiscardBackup.foreign("a/b/", List.of("a/b/data.sql"))).isEmpty();
  }

  @Test
  void whatHoldsAnythingElseIsNone() {
    assertThat(DiscardBackup.foreign("", List.of("a/b/data.sql"))).contains("a/b/data.sql");
    assertThat(DiscardBackup.foreign("a/", List.of("a/manifest.json", "a/photo.jpg")))
        .contains("a/photo.jpg");
  }
}
