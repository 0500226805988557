package io.upm.runtime.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code upm resume}. */
@Command(
    name = "resume",
    description = {"Has UPM go on with a UnitSet that was paused."},
    mixinStandardHelpOptions = true,
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE,
      ExitCodes.WRONG_USE,
      ExitCodes.NOTHING_FOUND,
      ExitCodes.REFUSED
    },
    footerHeading = "%nExample:%n",
    footer = "  upm resume demo")
final class ResumeCommand implements Callable<Integer> {
  @Mixin private final PauseAction action = new PauseAction();

  @Override
  public Integer call() {
    return action.set(false);
  }
}
