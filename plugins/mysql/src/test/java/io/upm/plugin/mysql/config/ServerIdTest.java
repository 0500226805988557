package io.upm.plugin.mysql.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.spi.instance.Instance;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServerIdTest {
  @Test
  void differsWithinASetAndStaysInRange() {
    Set<Long> ids = new HashSet<>();
    for (int ordinal = 0; ordinal < ServerId.MOST_UNITS; ordinal++) {
      long id = ServerId.of(identity("apps", "db", ordinal));
      assertThat(id).isBetween(1L, 0xFFFF_FFFFL);
      ids.add(id);
    }

    assertThat(ids).hasSize(ServerId.MOST_UNITS);
  }

  @Test
  void differsBetweenSetsAndNamespaces() {
    assertThat(
            Set.of(
                ServerId.of(identity("apps", "db", 0)),
                ServerId.of(identity("apps", "db2", 0)),
                ServerId.of(identity("test", "db", 0))))
        .hasSize(3);
  }

  @Test
  void staysWhatItIsWhateverTheVersionOfThePlugin() {
    assertThat(ServerId.of(identity("default", "demo", 1))).isEqualTo(1_784_742_914L);
  }

  private static Instance.Identity identity(String namespace, String set, int ordinal) {
    return new Instance.Identity(namespace, set, set + "-" + ordinal, ordinal, "host");
  }
}
