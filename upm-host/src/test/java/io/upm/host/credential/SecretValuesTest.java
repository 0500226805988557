package io.upm.host.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretValuesTest {
  private static final String KEY = "0123456789abcdef0123456789abcdef";

  @ParameterizedTest
  @CsvSource({
    "pa'ss\"word, pa'ss\"word",
    "pässwörd\u2603, pässwörd\u2603",
    "'secret\n', secret",
    "'secret\r\n', secret",
    "' spaces stay ', ' spaces stay '",
    "'', ''",
  })
  void readsPlainText(String value, String password) {
    assertThat(plain(utf8(value))).isEqualTo(password);
  }

  @Test
  void refusesPlainValuesThatAreNotText() {
    for (byte[] value :
        new byte[][] {{(byte) 0xff, 1}, utf8("two\nlines"), {'a', 0}, {'\n', '\n'}}) {
      assertThatThrownBy(() -> plain(value))
          .isInstanceOf(UnreadableSecretException.class)
          .hasMessage(
              "the value is not text; if it is encrypted, name the Secret and key with its AES key");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x", "pa'ss\"word", "pässwörd\u2603", "a password that is longer than one block"})
  void readsTheOldFormatAndItsBase64Form(String password) throws Exception {
    byte[] value = encrypt(password);
    byte[] armoured = Base64.getEncoder().encode(value);

    assertThat(decode(value, KEY)).isEqualTo(password);
    assertThat(decode(armoured, KEY)).isEqualTo(password);
    assertThat(decode(utf8(new String(armoured, StandardCharsets.US_ASCII) + "\n"), KEY + "\n"))
        .isEqualTo(password);
  }

  /** Made with openssl enc -aes-256-ctr, to be sure that it is not only our own idea of it. */
  @Test
  void readsWhatOpensslWrote() {
    byte[] vector = new byte[16];
    Arrays.fill(vector, (byte) 7);
    byte[] ciphertext = Base64.getDecoder().decode("SqqU2HQYWPCDkm0dfA==");
    byte[] value = Arrays.copyOf(vector, vector.length + ciphertext.length);
    System.arraycopy(ciphertext, 0, value, vector.length, ciphertext.length);

    assertThat(decode(value, KEY)).isEqualTo("correct horse");
  }

  @Test
  void saysWhenTheKeyIsWrong() throws Exception {
    byte[] value = encrypt("a password that is long enough to tell");

    assertThatThrownBy(() -> decode(value, "f".repeat(32)))
        .isInstanceOf(UnreadableSecretException.class)
        .hasMessage("the value does not decrypt to text: wrong AES key, or not encrypted");
    assertThatThrownBy(() -> decode(utf8("a plain password, not short"), KEY))
        .isInstanceOf(UnreadableSecretException.class)
        .hasMessage("the value does not decrypt to text: wrong AES key, or not encrypted");
    assertThatThrownBy(() -> decode(utf8("short"), KEY))
        .isInstanceOf(UnreadableSecretException.class)
        .hasMessage("the value is too short to be encrypted with an AES key");
    assertThatThrownBy(() -> decode(value, "short"))
        .isInstanceOf(UnreadableSecretException.class)
        .hasMessage("the AES key has 5 bytes instead of 32");
  }

  private static byte[] encrypt(String password) throws Exception {
    byte[] vector = new byte[16];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (byte) (i * 37 + 200);
    }
    Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE, new SecretKeySpec(utf8(KEY), "AES"), new IvParameterSpec(vector));
    byte[] ciphertext = cipher.doFinal(utf8(password));
    byte[] value = Arrays.copyOf(vector, vector.length + ciphertext.length);
    System.arraycopy(ciphertext, 0, value, vector.length, ciphertext.length);
    return value;
  }

  private static String plain(byte[] value) {
    return SecretValues.decode(value, Optional.empty()).reveal();
  }

  private static String decode(byte[] value, String key) {
    return SecretValues.decode(value, Optional.of(utf8(key))).reveal();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
