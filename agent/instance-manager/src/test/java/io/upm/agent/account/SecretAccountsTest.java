package io.upm.agent.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.agent.document.DocumentsForTests;
import io.upm.spi.Password;
import io.upm.spi.PluginException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretAccountsTest {
  private static final String KEY = "0123456789abcdef0123456789abcdef";

  @TempDir private Path secret;

  @Test
  void rotatedPasswordIsSeen() throws IOException {
    SecretAccounts accounts = accounts("");
    assertThat(accounts.password("root")).isEmpty();
    Files.writeString(secret.resolve("root"), "one");
    assertThat(accounts.password("root")).map(Password::reveal).contains("one");
    Files.writeString(secret.resolve("root"), "two");
    assertThat(accounts.password("root")).map(Password::reveal).contains("two");
  }

  @Test
  void oldFormatIsDecrypted() throws Exception {
    byte[] vector = new byte[16];
    var cipher = Cipher.getInstance("AES/CTR/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(KEY.getBytes(StandardCharsets.UTF_8), "AES"),
        new IvParameterSpec(vector));
    byte[] text = cipher.doFinal("hidden".getBytes(StandardCharsets.UTF_8));
    byte[] value = new byte[16 + text.length];
    System.arraycopy(text, 0, value, 16, text.length);
    Files.write(secret.resolve("root"), value);
    Path key = secret.resolve("key");

    assertThatThrownBy(() -> accounts(key.toString()).password("root"))
        .isInstanceOf(PluginException.class)
        .hasMessage("the Secret with the AES key lacks key");
    Files.writeString(key, KEY);
    assertThat(accounts(key.toString()).password("root")).map(Password::reveal).contains("hidden");
  }

  @Test
  void onlyKeysOfTheSecretAreRead() {
    for (String user : new String[] {"", "..", "../root", "a/b", ".hidden"}) {
      assertThatThrownBy(() -> accounts("").password(user))
          .isInstanceOf(PluginException.class)
          .hasMessageContaining("can't be a key of a Secret");
    }
    assertThat(new SecretAccounts(Optional::empty, book()).password("root")).isEmpty();
  }

  private SecretAccounts accounts(String cipherPath) {
    return new SecretAccounts(
        () -> Optional.of(DocumentsForTests.withSecrets(secret.toString(), cipherPath)), book());
  }

  private PasswordBook book() {
    return new PasswordBook(secret.resolve("none"));
  }
}
