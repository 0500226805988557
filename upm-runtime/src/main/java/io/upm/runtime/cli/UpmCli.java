package io.upm.runtime.cli;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;

/** Entry point of the command line tool. */
@Command(
    name = "upm",
    description = "Looks at the databases that UPM runs.",
    mixinStandardHelpOptions = true,
    versionProvider = UpmCli.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {StatusCommand.class, GenerateCompletion.class, CommandLine.HelpCommand.class})
public final class UpmCli {
  /** All is as it should be. */
  static final int OK = ExitCode.OK;

  /** Something is not as it should be. */
  static final int TROUBLE = 1;

  /** The command line is wrong. */
  static final int USAGE = ExitCode.USAGE;

  /** There is no such object. */
  static final int NOT_FOUND = 3;

  /** The cluster can't be reached, or refuses. */
  static final int NO_CLUSTER = 4;

  private UpmCli() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.setProperty("logback.configurationFile", "logback-cli.xml");
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new UpmCli())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(UpmCli::correct)
        .setExecutionExceptionHandler(UpmCli::explain);
  }

  private static int correct(CommandLine.ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    command.getErr().println("upm: " + e.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(e, command.getErr());
    command.getErr().printf("See: %s --help%n", command.getCommandSpec().qualifiedName());
    command.getErr().flush();
    return USAGE;
  }

  private static int explain(Exception e, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    if (!(e instanceof KubernetesClientException refusal)) {
      throw e;
    }
    command.getErr().println("upm: " + sentence(refusal));
    command.getErr().flush();
    return NO_CLUSTER;
  }

  /** The API server's own words where it answered, else why it couldn't be asked. */
  private static String sentence(KubernetesClientException e) {
    if (e.getStatus() != null && e.getStatus().getMessage() != null) {
      return "the cluster refuses: " + e.getStatus().getMessage();
    }
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return "the cluster can't be reached (%s); is KUBECONFIG right?".formatted(why);
  }

  /** The version that Maven wrote into the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      var properties = new Properties();
      try (InputStream stream =
          UpmCli.class.getResourceAsStream("/META-INF/maven/io.upm/upm-runtime/pom.properties")) {
        if (stream != null) {
          properties.load(stream);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return new String[] {"upm " + properties.getProperty("version", "(not from a jar)")};
    }
  }
}
