package io.upm.runtime.topology;

import io.upm.spi.Password;
import io.upm.spi.topology.Credential;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the credentials of one topology object were, as long as this process lives: a changed Secret
 * is read here before databases have been given its passwords, and they are not to be unreachable
 * meanwhile. Safe for concurrent use.
 */
final class FormerPasswords {
  /** A Secret may be corrected several times before a database takes it. */
  private static final int MOST = 3;

  private final Map<String, Credential> last = new HashMap<>();

  /** The credential of a purpose, with those it had before. */
  synchronized Credential credential(String purpose, String user, Password password) {
    Credential before = last.get(purpose);
    if (before != null && before.user().equals(user) && before.password().equals(password)) {
      return before;
    }
    List<Password> former =
        before == null || !before.user().equals(user)
            ? List.of()
            : Stream.concat(Stream.of(before.password()), before.former().stream())
                .filter(one -> !one.equals(password))
                .limit(MOST)
                .toList();
    var next = new Credential(user, password, former);
    last.put(purpose, next);
    return next;
  }
}
