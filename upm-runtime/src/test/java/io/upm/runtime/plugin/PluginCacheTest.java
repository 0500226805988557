package io.upm.runtime.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginCacheTest {
  @TempDir private Path root;

  private PluginCache cache() {
    return new PluginCache(root, Clock.systemUTC());
  }

  private String keep(String text, Optional<byte[]> signature) throws IOException {
    try (PluginCache.Incoming incoming = cache().incoming()) {
      try (var out = incoming.open()) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
      }
      incoming.keep(signature);
      return incoming.digest();
    }
  }

  @Test
  void findsByContentWhatAnotherProcessKept() throws IOException {
    String digest = keep("a zip", Optional.of(new byte[] {1}));

    assertThat(digest).matches("[0-9a-f]{64}");
    assertThat(cache().find(digest).orElseThrow()).hasContent("a zip");
    assertThat(cache().signature(digest).orElseThrow()).containsExactly(1);
    assertThat(cache().find("0".repeat(64))).isEmpty();
  }

  @Test
  void deletesWhatIsDamaged() throws IOException {
    String digest = keep("a zip", Optional.empty());
    Path zip = cache().find(digest).orElseThrow();
    Files.writeString(zip, "another");

    assertThat(cache().find(digest)).isEmpty();
    assertThat(zip).doesNotExist();
  }

  @Test
  void leavesNothingOfWhatWasNotKept() throws IOException {
    try (PluginCache.Incoming incoming = cache().incoming()) {
      assertThat(incoming.file()).exists();
    }
    try (var files = Files.list(root.resolve("sha256"))) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void deletesWhatNobodyWantsAfterAWhile() throws IOException {
    String wanted = keep("wanted", Optional.of(new byte[] {1}));
    String other = keep("other", Optional.of(new byte[] {2}));

    cache().keepOnly(Set.of(wanted));
    assertThat(cache().find(other)).isPresent();

    var later = Clock.fixed(Instant.now().plus(Duration.ofHours(2)), ZoneOffset.UTC);
    new PluginCache(root, later).keepOnly(Set.of(wanted));
    assertThat(cache().find(other)).isEmpty();
    assertThat(cache().signature(other)).isEmpty();
    assertThat(cache().find(wanted)).isPresent();
    assertThat(cache().signature(wanted)).isPresent();
  }
}
