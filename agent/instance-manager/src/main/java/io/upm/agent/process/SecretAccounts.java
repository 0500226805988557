package io.upm.agent.process;

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
import java.util.Optional;
import java.util.function.Supplier;

/** Passwords from the mounted Secret, whose keys are user names; read anew at each call. */
public final class SecretAccounts implements Accounts {
  private final Supplier<Optional<InstanceDocument>> document;

  public SecretAccounts(Supplier<Optional<InstanceDocument>> document) {
    this.document = document;
  }

  @Override
  public Optional<Password> password(String user) {
    if (user.isEmpty() || user.startsWith(".") || user.contains("/")) {
      throw PluginException.user("\"%s\" can't be a key of a Secret".formatted(user));
    }
    Optional<InstanceDocument> current = document.get();
    String directory = current.map(InstanceDocument::secretPath).orElse("");
    if (directory.isEmpty()) {
      return Optional.empty();
    }
    Optional<byte[]> value = content(Path.of(directory, user));
    String cipher = current.map(InstanceDocument::cipherPath).orElse("");
    try {
      return value.map(bytes -> SecretValues.decode(bytes, key(cipher)));
    } catch (UnreadableSecretException e) {
      throw PluginException.user("password of %s: %s".formatted(user, e.getMessage()), e);
    }
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
