package io.upm.host.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.host.plugin.PluginKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstanceDocumentsTest {
  private static final InstanceDocument FULL =
      new InstanceDocument(
          7,
          "mysql",
          "8.0.33",
          "rpl_async",
          true,
          true,
          new InstanceDocument.Identity("space", "demo", "demo-1", 1, "demo-1.demo"),
          new InstanceDocument.Limits(1L << 40, 1500),
          Map.of("data", "/data", "log", "/log"),
          Map.of("ADM_USER", "root \"quoted\" \u00fc\n"),
          Map.of("mysql", 3306),
          List.of(
              new InstanceDocument.Peer("demo-0", 0, "demo-0.demo"),
              new InstanceDocument.Peer("demo-1", 1, "demo-1.demo")),
          Map.of("max_connections", "100"),
          "/etc/upm/secret",
          "/etc/upm/cipher/key",
          new PluginKey("mysql", "1.0.0", "a".repeat(64)));

  @Test
  void whatIsWrittenIsRead() {
    assertThat(InstanceDocuments.read(InstanceDocuments.write(FULL))).isEqualTo(FULL);
  }

  @Test
  void sameDocumentGivesTheSameText() {
    assertThat(InstanceDocuments.write(InstanceDocuments.read(InstanceDocuments.write(FULL))))
        .isEqualTo(InstanceDocuments.write(FULL));
  }

  @Test
  void unknownFieldsAreIgnoredAndOptionalOnesMayBeAbsent() {
    InstanceDocument read =
        InstanceDocuments.read(
            """
            {"revision":1,"engine":"mysql","version":"8.0.33","later":{"a":[1.5,null,{}]},
             "identity":{"namespace":"s","set":"d","unit":"d-0","ordinal":0,"host":"h","more":1},
             "limits":{"memoryBytes":1,"cpuMillis":2},"plugin":null}
            """);
    assertThat(read.plugin()).isNull();
    assertThat(read.mounts()).isEmpty();
    assertThat(read.peers()).isEmpty();
    assertThat(read.running()).isFalse();
    assertThat(read.limits()).isEqualTo(new InstanceDocument.Limits(1, 2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          `` | it is empty
          [] | it is not an object
          {} | engine is missing
          {"engine":1} | engine is not text
          {"engine":"e","version":"1","revision":"x"} | revision is not a whole number
          {"engine":"e","version":"1","revision":99999999999999999999} | Numeric value
          {"engine":"e","version":"1","running":1} | running is neither true nor false
          {"engine":"e","version":"1","identity":[]} | identity is not an object
          {"engine":"e","version":"1","identity":{"set":"s"}} | identity.namespace is missing
          {"engine":"e" | Unexpected end-of-input
          {"engine":"e"}} | Unexpected close marker
          {"a":[[[[[[[[[[1]]]]]]]]]]} | it is nested too deeply
          """)
  void otherTextIsRefusedWithASentence(String text, String sentence) {
    assertThatThrownBy(() -> InstanceDocuments.read(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not an instance document: ")
        .hasMessageContaining(sentence);
  }
}
