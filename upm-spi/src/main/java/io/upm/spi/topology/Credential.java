package io.upm.spi.topology;

import io.upm.spi.Password;
import java.util.List;
import java.util.Objects;

/**
 * A user and its password.
 *
 * @param user name of the account
 * @param password what the Secret says
 * @param former what it said before, as far as the host remembers, the latest first: nodes may not
 *     have been given the present one yet. To be tried only where the present one is refused.
 */
public record Credential(String user, Password password, List<Password> former) {
  public Credential {
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(password, "password");
    former = List.copyOf(former);
  }

  /** Without former passwords. */
  public Credential(String user, Password password) {
    this(user, password, List.of());
  }
}
