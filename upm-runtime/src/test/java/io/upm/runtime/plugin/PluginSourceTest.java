package io.upm.runtime.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PluginSourceTest {
  private static PluginSource.Oci oci(String source) {
    return (PluginSource.Oci) PluginSource.of(source, "1.1.0+b2");
  }

  @Test
  void takesTheVersionForATagUnlessThereIsAnother() {
    assertThat(oci("oci://r.example.com:5000/a/b").registry()).isEqualTo("r.example.com:5000");
    assertThat(oci("oci://r.example.com:5000/a/b").repository()).isEqualTo("a/b");
    assertThat(oci("oci://r.example.com/a/b").reference()).isEqualTo("1.1.0_b2");
    assertThat(oci("oci://r.example.com/a/b:stable").reference()).isEqualTo("stable");
    assertThat(oci("oci://r.example.com/a/b:v{version}").reference()).isEqualTo("v1.1.0_b2");
    String digest = "sha256:" + "a".repeat(64);
    assertThat(oci("oci://r.example.com/a:x@" + digest).reference()).isEqualTo(digest);
  }

  @Test
  void putsTheVersionIntoPathsAndAddresses() {
    assertThat(PluginSource.of("file:///p/a-{version}.zip", "1.0.0"))
        .isEqualTo(
            new PluginSource.File(
                "file:///p/a-1.0.0.zip", java.nio.file.Path.of("/p/a-1.0.0.zip")));
    assertThat(PluginSource.of("https://h/a-{version}.zip?x=1", "1.0.0").text())
        .isEqualTo("https://h/a-1.0.0.zip?x=1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://h/a.zip",
        "file://a.zip",
        "file:///a/../b.zip",
        "https://user:password@h/a.zip",
        "https:///a.zip",
        "oci://r.example.com",
        "oci://r.example.com/A",
        "oci://r.example.com/a@sha256:1",
        "a.zip"
      })
  void refusesWhatIsNoSource(String source) {
    assertThatThrownBy(() -> PluginSource.of(source, "1.0.0"))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .isNotEmpty();
  }
}
