package io.upm.plugin.mysql.variable;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BufferPoolTest {
  @ParameterizedTest
  @CsvSource({
    "1073741824, 134217728, 1073741824",
    "1073741825, 134217728, 1207959552",
    "1, 134217728, 134217728",
    "0, 134217728, 134217728",
    "402653185, 402653184, 805306368"
  })
  void isAMultipleOfItsChunks(BigInteger asked, BigInteger unit, BigInteger size) {
    assertThat(BufferPool.rounded(asked, unit)).isEqualTo(size);
  }
}
