package io.upm.runtime.cli;

import io.upm.host.plugin.PluginArchive;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code upm plugin build}. */
@Command(
    name = "build",
    description = {
      "Builds a plugin's project with Maven, the TCK included, and looks at the zip as a runtime would."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {"0:there is a zip, and it is in order", "1:there isn't", ExitCodes.WRONG_USE},
    footerHeading = "%nExample:%n",
    footer = {"  upm plugin build", "  upm plugin build my-engine --offline"})
final class PluginBuildCommand implements Callable<Integer> {
  private static final String SUFFIX = ".zip";

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIRECTORY",
      defaultValue = ".",
      description = "The project; where one is when not given.")
  @SuppressWarnings("NullAway.Init") // has a default
  private Path directory;

  @Option(names = "--offline", description = "With what Maven's local repository has.")
  private boolean offline;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!Files.isRegularFile(directory.resolve("pom.xml"))) {
      throw new CliException(
          ExitCodes.TROUBLE,
          "%s holds no pom.xml; to make a project: upm plugin init my-engine".formatted(directory));
    }
    int code = maven().start().waitFor();
    if (code != 0) {
      throw new CliException(ExitCodes.TROUBLE, "Maven ended with exit code %d".formatted(code));
    }
    Path zip = zip();
    PluginArchive archive = ArchiveText.read(zip);
    PrintWriter out = spec.commandLine().getOut();
    out.printf("zip       %s%n", zip);
    ArchiveText.lines(archive).forEach(out::println);
    out.flush();
    return ExitCodes.OK;
  }

  /**
   * What Maven says goes where this tool's output goes; it uses this tool's Java if that is a JDK.
   */
  private ProcessBuilder maven() {
    Path wrapper = directory.resolve("mvnw").toAbsolutePath();
    var command = new ArrayList<String>();
    command.add(Files.isExecutable(wrapper) ? wrapper.toString() : "mvn");
    command.addAll(List.of("--batch-mode", "--quiet", "--no-transfer-progress"));
    if (offline) {
      command.add("--offline");
    }
    command.add("verify");
    var builder = new ProcessBuilder(command).directory(directory.toFile()).inheritIO();
    Path java = Path.of(System.getProperty("java.home"));
    if (Files.isExecutable(java.resolve("bin").resolve("javac"))) {
      builder.environment().put("JAVA_HOME", java.toString());
    }
    return builder;
  }

  private Path zip() throws IOException {
    Path target = directory.resolve("target");
    try (var files = Files.list(target)) {
      List<Path> zips = files.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
      if (zips.size() != 1) {
        throw new CliException(
            ExitCodes.TROUBLE,
            "%s holds %d files whose names end with %s: exactly one is the plugin's zip"
                .formatted(target, zips.size(), SUFFIX));
      }
      return zips.getFirst();
    }
  }
}
