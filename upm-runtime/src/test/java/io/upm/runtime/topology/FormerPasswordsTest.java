package io.upm.runtime.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.spi.Password;
import io.upm.spi.topology.Credential;
import org.junit.jupiter.api.Test;

class FormerPasswordsTest {
  private final FormerPasswords former = new FormerPasswords();

  @Test
  void theLastOnesAreRemembered() {
    assertThat(after("a")).isEmpty();
    assertThat(after("a")).isEmpty();
    assertThat(after("b")).containsExactly("a");
    assertThat(after("b")).containsExactly("a");
    assertThat(after("c")).containsExactly("b", "a");
    assertThat(after("d")).containsExactly("c", "b", "a");
    assertThat(after("e")).containsExactly("d", "c", "b");
  }

  @Test
  void oneThatIsBackIsNotFormer() {
    after("a");
    after("b");

    assertThat(after("a")).containsExactly("b");
  }

  @Test
  void anotherUserOrPurposeHasItsOwn() {
    after("a");

    assertThat(former.credential("admin", "other", Password.of("b")).former()).isEmpty();
    assertThat(former.credential("replication", "root", Password.of("b")).former()).isEmpty();
  }

  private java.util.List<String> after(String password) {
    Credential credential = former.credential("admin", "root", Password.of(password));
    assertThat(credential.password().reveal()).isEqualTo(password);
    return credential.former().stream().map(Password::reveal).toList();
  }
}
