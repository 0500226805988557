package io.upm.runtime.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code upm completion}; {@code generate-completion} is its former name. */
@Command(
    name = "completion",
    aliases = "generate-completion",
    description = {"Prints a script that completes the commands of this tool in bash and zsh."},
    mixinStandardHelpOptions = true,
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {ExitCodes.DONE, ExitCodes.WRONG_USE},
    footerHeading = "%nExample:%n",
    footer = {"  source <(upm completion bash)", "  source <(upm completion zsh)"})
final class CompletionCommand implements Callable<Integer> {
  /** A shell that there is a script for. */
  enum Shell {
    BASH,
    ZSH
  }

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "SHELL",
      defaultValue = "bash",
      description = "bash (when not given) or zsh.")
  @SuppressWarnings("NullAway.Init") // it has a default
  private Shell shell;

  @Override
  public Integer call() {
    CommandLine root = spec.root().commandLine();
    PrintWriter out = spec.commandLine().getOut();
    if (shell == Shell.ZSH) {
      // zsh runs bash's completions once it is told to.
      out.println("autoload -U +X compinit && compinit");
      out.println("autoload -U +X bashcompinit && bashcompinit");
    }
    out.println(AutoComplete.bash("upm", root));
    out.flush();
    return ExitCodes.OK;
  }
}
