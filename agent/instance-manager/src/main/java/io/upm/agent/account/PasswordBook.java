package io.upm.agent.account;

import io.upm.agent.state.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The passwords that the engine takes, in a file for the engine's user alone. It is on the data
 * volume, as the accounts are: a Secret may change while no agent runs, and without the former
 * password nobody could log in to set the new one. Safe for concurrent use.
 */
public final class PasswordBook {
  private final Path file;
  private volatile KnownPasswords known = KnownPasswords.NONE;

  public PasswordBook(Path file) {
    this.file = file;
  }

  /** Takes up what an earlier agent knew. */
  public void recover() throws IOException {
    if (Files.exists(file)) {
      known = KnownPasswords.parse(Files.readString(file));
    }
  }

  KnownPasswords known() {
    return known;
  }

  void write(KnownPasswords next) throws IOException {
    DurableFile.write(file, next.text().getBytes(StandardCharsets.UTF_8), DurableFile.PRIVATE);
    known = next;
  }
}
