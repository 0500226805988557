package io.upm.plugin.mysql.agent;

import io.upm.spi.Password;
import io.upm.spi.instance.Accounts;
import io.upm.spi.instance.AgentContext;
import io.upm.spi.instance.ProcessRunner;
import io.upm.spi.instance.ProcessSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An agent whose programs do what a test says, and that remembers what was run. */
final class FakeContext implements AgentContext, ProcessRunner, Accounts {
  /** What {@code mysqld --initialize} does with its data directory. */
  interface Program {
    Result run(Path data) throws IOException;
  }

  final List<ProcessSpec> ran = new ArrayList<>();
  final List<String> inputs = new ArrayList<>();
  Map<String, String> passwords = Map.of("root", "secret-1", "replication", "secret-2");
  Program program = FakeContext::initialized;

  static Result initialized(Path data) throws IOException {
    Files.createDirectories(data);
    Files.writeString(data.resolve("mysql.ibd"), "dictionary");
    return new Result(0, "");
  }

  @Override
  public Result run(ProcessSpec spec, byte[] input, Duration limit) {
    ran.add(spec);
    inputs.add(new String(input, StandardCharsets.UTF_8));
    String data =
        spec.command().stream()
            .filter(word -> word.startsWith("--datadir="))
            .map(word -> word.substring("--datadir=".length()))
            .findFirst()
            .orElseThrow();
    try {
      return program.run(Path.of(data));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<Password> password(String user) {
    return Optional.ofNullable(passwords.get(user)).map(Password::of);
  }

  @Override
  public ProcessRunner processes() {
    return this;
  }

  @Override
  public Accounts accounts() {
    return this;
  }

  @Override
  public Clock clock() {
    return Clock.systemUTC();
  }
}
