package io.upm.runtime.cli;

import io.fabric8.kubernetes.client.KubernetesClientException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of the command line tool. */
@Command(
    name = "upm",
    description = "Looks after the databases that UPM runs.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      StatusCommand.class,
      GetCommand.class,
      LogsCommand.class,
      PlanCommand.class,
      RestartCommand.class,
      StopCommand.class,
      StartCommand.class,
      PauseCommand.class,
      ResumeCommand.class,
      PluginCommand.class,
      AssembleCommand.class,
      ReportCommand.class,
      CompletionCommand.class,
      VersionCommand.class,
      CommandLine.HelpCommand.class
    },
    footerHeading = "%nExample:%n",
    footer = {"  upm get --all-namespaces", "  upm status demo", "  upm plan -f demo.yaml"})
public final class UpmCli {
  /** How the tool is called, such as {@code kubectl upm}: its help and advice say so, too. */
  private static final String NAME = System.getProperty("upm.command", "upm");

  private UpmCli() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.setProperty("logback.configurationFile", "logback-cli.xml");
    System.exit(commandLine().execute(arguments));
  }

  /** The tool, for who calls it from Java. */
  public static CommandLine commandLine() {
    var commandLine = new CommandLine(new UpmCli());
    version(commandLine);
    return commandLine
        .setCommandName(NAME)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(UpmCli::correct)
        .setExecutionExceptionHandler(UpmCli::explain);
  }

  private static void version(CommandLine command) {
    for (CommandLine sub : command.getSubcommands().values()) {
      sub.getCommandSpec().versionProvider(new VersionCommand());
      version(sub);
    }
  }

  private static int correct(CommandLine.ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    command.getErr().println("upm: " + e.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(e, command.getErr());
    command.getErr().printf("See: %s --help%n", command.getCommandSpec().qualifiedName());
    command.getErr().flush();
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static int explain(Exception e, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    int code =
        switch (e) {
          case CliException told -> told.exitCode();
          case KubernetesClientException refusal -> ExitCodes.NO_CLUSTER;
          default -> throw e;
        };
    String sentence =
        e instanceof KubernetesClientException refusal ? sentence(refusal) : e.getMessage();
    command.getErr().println("upm: " + sentence);
    command.getErr().flush();
    return code;
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
    return "the cluster can't be reached (%s); is KUBECONFIG right? --kubeconfig and --context name another"
        .formatted(why);
  }
}
