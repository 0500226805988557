package io.upm.agent.account;

import io.upm.host.credential.SecretValues;
import io.upm.host.credential.UnreadableSecretException;
import io.upm.host.document.InstanceDocument;
import io.upm.spi.Password;
import io.upm.spi.PluginException;
import io.upm.spi.instance.Accounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Passwords that the engine takes, as far as they are known, and else those of the mounted Secret,
 * whose keys are user names; looked up anew at each call.
 */
public final class SecretAccounts implements Accounts {
  private final Supplier<Optional<InstanceDocument>> document;
  private final PasswordBook book;

  public SecretAccounts(Supplier<Optional<InstanceDocument>> document, PasswordBook book) {
    this.document = document;
    this.book = book;
  }

  @Override
  public Optional<Password> password(String user) {
    String known = book.known().inForce().get(user);
    return known == null ? password(user, this::mounted) : inForce().password(user);
  }

  PasswordBook book() {
    return book;
  }

  /** What the Secret says of these users, in base64; those that it doesn't have are left out. */
  SortedMap<String, String> mounted(Set<String> users) {
    var values = new TreeMap<String, String>();
    for (String user : users) {
      mounted(user).ifPresent(value -> values.put(user, Base64.getEncoder().encodeToString(value)));
    }
    return values;
  }

  /** Passwords out of values as {@link #mounted(Set)} has them. */
  Accounts of(Map<String, String> values) {
    return user ->
        password(
            user, name -> Optional.ofNullable(values.get(name)).map(Base64.getDecoder()::decode));
  }

  private Accounts inForce() {
    return of(book.known().inForce());
  }

  private Optional<Password> password(String user, Function<String, Optional<byte[]>> values) {
    Optional<byte[]> value = values.apply(user);
    String cipher = document.get().map(InstanceDocument::cipherPath).orElse("");
    try {
      return value.map(bytes -> SecretValues.decode(bytes, key(cipher)));
    } catch (UnreadableSecretException e) {
      throw PluginException.user("password of %s: %s".formatted(user, e.getMessage()), e);
    }
  }

  private Optional<byte[]> mounted(String user) {
    if (user.isEmpty() || user.startsWith(".") || user.contains("/")) {
      throw PluginException.user("\"%s\" can't be a key of a Secret".formatted(user));
    }
    String directory = document.get().map(InstanceDocument::secretPath).orElse("");
    return directory.isEmpty() ? Optional.empty() : content(Path.of(directory, user));
  }

  private static Optional<byte[]> key(String path) {
    if (path.isEmpty()) {
      return Optional.empty();
    }
    Optional<byte[]> key = content(Path.of(path));
    if (key.isEmpty()) {
      throw PluginException.user(
          "the Secret with the AES key lacks " + Path.of(path).getFileName());
    }
    return key;
  }

  private static Optional<byte[]> content(Path file) {
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw PluginException.retryable(
          "key %s of the Secret can't be read".formatted(file.getFileName()), e);
    }
  }
}
