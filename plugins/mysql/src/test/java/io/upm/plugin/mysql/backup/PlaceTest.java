package io.upm.plugin.mysql.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.spi.PluginException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceTest {
  @ParameterizedTest
  @CsvSource({
    "s3://backups, backups, ''",
    "s3://backups/, backups, ''",
    "s3://backups/mysql, backups, mysql/",
    "s3://my-backups.example/mysql/of/a team/, my-backups.example, mysql/of/a team/"
  })
  void isABucketAndTheBeginningOfKeys(String text, String bucket, String prefix) {
    assertThat(Place.of("destination", text)).isEqualTo(new Place(bucket, prefix));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"backups/mysql", "s3://", "s3://B", "s3://-x/y", "s3://abc/ü", "http://abc/x"})
  void isRefusedInOneSentence(String text) {
    assertThatThrownBy(() -> Place.of("destination", text))
        .isInstanceOf(PluginException.class)
        .hasMessage(
            "spec.parameters.destination: \"%s\" is not allowed: a place such as s3://bucket/folder/"
                .formatted(text));
  }

  @Test
  void foldersAreBelow() {
    assertThat(Place.of("destination", "s3://backups/a").below("b").below("c"))
        .hasToString("s3://backups/a/b/c/");
  }
}
