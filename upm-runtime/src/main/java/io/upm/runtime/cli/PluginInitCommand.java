package io.upm.runtime.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import javax.lang.model.SourceVersion;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code upm plugin init}. */
@Command(
    name = "init",
    description = {
      "Makes the project of a new plugin, with a small engine of its own: it builds, passes the TCK and"
          + " runs as it is. It is the archetype io.upm:upm-archetype, for who prefers Maven."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE,
      "1:the directory can't be written to, or isn't empty",
      ExitCodes.WRONG_USE
    },
    footerHeading = "%nExample:%n",
    footer = {"  upm plugin init my-engine", "  upm plugin init my-engine --group org.example"})
final class PluginInitCommand implements Callable<Integer> {
  private static final String NAME = "[a-z][a-z0-9-]{0,30}";

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Parameters(
      paramLabel = "PLUGIN",
      description = "The plugin's id, which is also its engine's name: what spec.type is to be.")
  @SuppressWarnings("NullAway.Init") // required
  private String id;

  @Option(
      names = "--directory",
      paramLabel = "DIRECTORY",
      description = "Where the project goes; a directory of the plugin's id when not given.")
  private @Nullable Path directory;

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      defaultValue = "com.example",
      description = "Maven's group; ${DEFAULT-VALUE} when not given.")
  @SuppressWarnings("NullAway.Init") // has a default
  private String group;

  @Option(
      names = "--package",
      paramLabel = "PACKAGE",
      description = "Java package; the group and the plugin's id when not given.")
  private @Nullable String javaPackage;

  @Override
  public Integer call() {
    Path project = Optional.ofNullable(directory).orElse(Path.of(id));
    String packageName = Optional.ofNullable(javaPackage).orElse(group + "." + id.replace("-", ""));
    check(packageName);
    try {
      Files.createDirectories(project);
      try (var present = Files.list(project)) {
        if (present.findAny().isPresent()) {
          throw new CliException(
              ExitCodes.TROUBLE, "%s is not empty; nothing was written".formatted(project));
        }
      }
      new PluginTemplate(id, group, packageName).write(project);
    } catch (IOException e) {
      throw new CliException(ExitCodes.TROUBLE, "%s can't be written to: %s".formatted(project, e));
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf("plugin %s is in %s; next: upm plugin build %s%n", id, project, project);
    out.flush();
    return ExitCodes.OK;
  }

  private void check(String packageName) {
    if (!id.matches(NAME)) {
      throw new CliException(
          ExitCodes.USAGE,
          "PLUGIN: \"%s\" is not a lower-case letter and up to 30 letters, digits and dashes"
              .formatted(id));
    }
    if (!SourceVersion.isName(group)) {
      throw new CliException(
          ExitCodes.USAGE, "--group: \"%s\" is not a name such as org.example".formatted(group));
    }
    if (!SourceVersion.isName(packageName)) {
      throw new CliException(
          ExitCodes.USAGE,
          "--package: \"%s\" is not a name such as org.example.engine".formatted(packageName));
    }
  }
}
