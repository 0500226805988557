package io.upm.plugin.mysql.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.plugin.mysql.client.GtidSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GtidPurgeTest {
  private static final String SERVER = "3e11fa47-71ca-11e1-9e33-c80aa9429562";

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", ",", SERVER, SERVER + ":5-2", SERVER + ":1; DROP"})
  void transactionsAreNamedAsTheServerNamesThem(String text) {
    assertThatThrownBy(() -> new GtidPurge.Wanted(text, null).gtids())
        .hasMessageStartingWith(
            "spec.parameters.gtidSet: \"%s\" is not allowed: a GTID set".formatted(text));
  }

  @Test
  void severalServersAndSpacesAreFine() {
    assertThat(new GtidPurge.Wanted(" %1$s:1-5 , %1$s:7".formatted(SERVER), null).gtids())
        .isEqualTo(GtidSet.parse(SERVER + ":1-5:7"));
  }
}
