package io.upm.plugin.mysql.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.plugin.mysql.provision.ServerUser.PasswordStep;
import io.upm.spi.Password;
import io.upm.spi.PluginException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoredPasswordTest {
  /** Of {@code wanted} with the salt 01 02 ... 14, as another program makes it. */
  private static final String DIGEST = "VGO2stHYC9m/V7EQhxrgwTpSM2qObBUUFqDP2I0DHB6";

  /** As {@code openssl passwd -5} makes them. */
  @ParameterizedTest
  @CsvSource({
    "saltstring,Hello world!,5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5",
    "0123456789abcdef,'pässword ✓ that is longer than thirty-two bytes, by far',"
        + "/A/MsCGBUSGnYk8dwq.VI5JD7alWmYeS/FWat9EBEF2",
    "x,a,85aGabM7xSEYcp0wkefjwtqWAYi1Rrq3b01Gtllmmh7"
  })
  void isTheDigestThatOthersMake(String salt, String password, String digest) {
    assertThat(
            Sha256Crypt.digest(
                password.getBytes(StandardCharsets.UTF_8),
                salt.getBytes(StandardCharsets.UTF_8),
                5000))
        .isEqualTo(digest);
  }

  @Test
  void isComparedAsEachWayToLogInKeepsIt() {
    assertThat(caching("005", DIGEST).isOf(Password.of("wanted"))).contains(true);
    assertThat(caching("005", DIGEST).isOf(Password.of("Wanted"))).contains(false);
    assertThat(caching("006", DIGEST).isOf(Password.of("wanted"))).contains(false);
    assertThat(
            new StoredPassword("sha256_password", bytes("$5$", "$" + DIGEST))
                .isOf(Password.of("wanted")))
        .contains(true);
    assertThat(
            new StoredPassword(
                    "mysql_native_password",
                    "*41B6A162BA4FE528AE031B240564968C3EDB4A70".getBytes(StandardCharsets.US_ASCII))
                .isOf(Password.of("wanted")))
        .contains(true);
    assertThat(new StoredPassword("auth_socket", new byte[0]).isOf(Password.of("wanted")))
        .isEmpty();
  }

  @Property(tries = 200)
  void isOfNoPasswordWhateverIsKept(
      @ForAll byte[] kept, @ForAll @StringLength(max = 20) String any) {
    assertThat(new StoredPassword("caching_sha2_password", kept).isOf(Password.of(any)))
        .contains(false);
    assertThat(new StoredPassword("sha256_password", kept).isOf(Password.of(any))).contains(false);
  }

  @Test
  void aPasswordIsChangedOnlyWhenItIsAnother() {
    assertThat(ServerUser.step(Optional.empty(), Password.of("wanted")))
        .isEqualTo(PasswordStep.CREATE);
    assertThat(ServerUser.step(Optional.of(caching("005", DIGEST)), Password.of("wanted")))
        .isEqualTo(PasswordStep.KEEP);
    assertThat(ServerUser.step(Optional.of(caching("005", DIGEST)), Password.of("next")))
        .isEqualTo(PasswordStep.SET_BESIDE);
    assertThat(
            ServerUser.step(
                Optional.of(new StoredPassword("caching_sha2_password", new byte[0])),
                Password.of("next")))
        .isEqualTo(PasswordStep.SET_ALONE);
    assertThatThrownBy(() ->
            ServerUser.step(
                Optional.of(new StoredPassword("auth_socket", new byte[0])), Password.of("next")))
        .isInstanceOf(PluginException.class)
        .hasMessage(
            "the user is there, and logs in by auth_socket, which knows no password: drop it first");
  }

  @Test
  void showsNothingOfItself() {
    assertThat(caching("005", DIGEST)).hasToString("StoredPassword[caching_sha2_password]");
  }

  private static StoredPassword caching(String thousands, String digest) {
    return new StoredPassword("caching_sha2_password", bytes("$A$" + thousands + "$", digest));
  }

  private static byte[] bytes(String head, String tail) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    for (int one = 1; one <= 20; one++) {
      bytes.write(one);
    }
    bytes.writeBytes(tail.getBytes(StandardCharsets.US_ASCII));
    return bytes.toByteArray();
  }
}
