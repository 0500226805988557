package io.upm.runtime.cli;

import io.upm.runtime.plugin.Assembler;
import io.upm.runtime.plugin.Assembler.Assembled;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code upm assemble}. */
@Command(
    name = "assemble",
    description = {
      "Fetches exactly the plugins that a file names, and leaves them in a folder: upm.lock with"
          + " their digests, plugins/ with their zips, and oci/, which registry tools copy to a"
          + " registry. The same plugins give the same bytes. With the lock, the chart installs"
          + " them and nothing else."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE,
      "1:a plugin can't be had, or isn't the one that was asked for",
      ExitCodes.WRONG_USE
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  upm assemble -f upm.yaml",
      "  upm assemble -f upm.yaml --locked upm.lock --out assembly"
    })
final class AssembleCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "Names plugins by id, version and source; YAML.")
  @SuppressWarnings("NullAway.Init") // required
  private Path file;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      defaultValue = "assembly",
      description = "Where to; an earlier assembly there is replaced (when not given: assembly).")
  @SuppressWarnings("NullAway.Init") // has a default
  private Path out;

  @Option(
      names = "--locked",
      paramLabel = "LOCK",
      description = "A lock from before: nothing is taken whose digest isn't in it.")
  private @Nullable Path locked;

  @Mixin private final DockerConfig dockerConfig = new DockerConfig();

  @Override
  public Integer call() throws InterruptedException {
    Optional<String> before = Optional.ofNullable(locked).map(AssembleCommand::read);
    try {
      List<Assembled> assembled =
          new Assembler(dockerConfig.read(), Clock.systemUTC()).assemble(read(file), before, out);
      tell(assembled);
      return ExitCodes.OK;
    } catch (Assembler.Failure e) {
      throw new CliException(ExitCodes.TROUBLE, String.valueOf(e.getMessage()));
    }
  }

  private void tell(List<Assembled> assembled) {
    PrintWriter print = spec.commandLine().getOut();
    for (Assembled one : assembled) {
      print.printf("%s %s %s%n", one.id(), one.version(), one.digest());
    }
    print.printf(
        "%d plugins in %s; to install with them: --set-file lock=%s%n",
        assembled.size(), out, out.resolve(Assembler.LOCK));
    print.flush();
  }

  private static String read(Path from) {
    try {
      return Files.readString(from);
    } catch (IOException e) {
      throw new CliException(
          ExitCodes.USAGE, "%s can't be read: %s".formatted(from, e.getClass().getSimpleName()));
    }
  }
}
