package io.upm.runtime.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SharedConfigTest {
  @Test
  void readsPortsAsDocumented() {
    var data =
        Map.of(
            "service_group_uid",
            "6fa3ca2a",
            "acme_ports",
            "[{\"name\": \"acme\", \"containerPort\": \"3306\",\"protocol\": \"TCP\"}]");

    assertThat(SharedConfig.ports(data, "acme")).containsExactly(Map.entry("acme", 3306));
    assertThat(SharedConfig.ports(data, "other")).isEmpty();
  }

  @Test
  void saysNothingWhenPortsCannotBeRead() {
    assertThat(SharedConfig.ports(Map.of("acme_ports", "3306"), "acme")).isEmpty();
    assertThat(SharedConfig.ports(Map.of("acme_ports", "[{"), "acme")).isEmpty();
    assertThat(
            SharedConfig.ports(
                Map.of("acme_ports", "[{\"name\":\"a\",\"containerPort\":70000}]"), "acme"))
        .isEmpty();
  }

  @Test
  void readsParametersFromKeysAndFromYaml() {
    var data =
        Map.of(
            "max_links", "5\n", "acme", "server:\n  buffer: 64M\n  verbose: true\nchecks: 'ON'\n");

    var values = SharedConfig.parameters(data, "acme");

    assertThat(values.keySet()).containsExactly("buffer", "checks", "max_links", "verbose");
    assertThat(values)
        .hasEntrySatisfying("max_links", value -> assertThat(value.asText()).isEqualTo("5"));
    assertThat(values)
        .hasEntrySatisfying("verbose", value -> assertThat(value.asBoolean()).isTrue());
  }
}
