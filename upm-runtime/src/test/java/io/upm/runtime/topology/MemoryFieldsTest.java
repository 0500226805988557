package io.upm.runtime.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.upm.spi.topology.Intent;
import io.upm.spi.topology.Memory;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MemoryFieldsTest {
  private static final JsonMapper MAPPER = new JsonMapper();

  static List<Memory> memories() {
    var intent =
        new Intent(
            "switchover",
            "demo-1",
            Long.MAX_VALUE,
            Instant.parse("2026-11-21T12:00:00.123456789Z"),
            Instant.parse("2026-11-21T12:01:00Z"),
            Map.of("gtid", "a:1-5", "note", ""));
    return List.of(
        Memory.EMPTY,
        new Memory(7, Optional.of("demo-0"), Optional.empty(), Map.of()),
        new Memory(Long.MAX_VALUE, Optional.of("demo-0"), Optional.of(intent), Map.of("a", "b")));
  }

  @ParameterizedTest
  @MethodSource("memories")
  void nothingIsLostOnTheWayThroughStatus(Memory memory) throws Exception {
    var status = MAPPER.createObjectNode();
    MemoryFields.write(memory, status);
    assertThat(MemoryFields.read(MAPPER.readTree(status.toString()))).isEqualTo(memory);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"epoch\": \"x\", \"source\": \"\", \"intent\": 1, \"facts\": []}",
        "{\"intent\": {\"kind\": \"k\", \"began\": \"yesterday\", \"deadline\": \"\"}}"
      })
  void whatCannotBeReadIsNotThere(String status) throws Exception {
    assertThat(MemoryFields.read(MAPPER.readTree(status))).isEqualTo(Memory.EMPTY);
  }
}
