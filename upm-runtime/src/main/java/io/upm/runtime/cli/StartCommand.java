package io.upm.runtime.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code upm start}. */
@Command(
    name = "start",
    description = {"Starts the engine of a unit, or of all units of a UnitSet, that was stopped."},
    mixinStandardHelpOptions = true,
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE,
      ExitCodes.NOT_DONE,
      ExitCodes.WRONG_USE,
      ExitCodes.NOTHING_FOUND,
      ExitCodes.REFUSED
    },
    footerHeading = "%nExample:%n",
    footer = {"  upm start demo-2", "  upm start demo"})
final class StartCommand implements Callable<Integer> {
  @Mixin private final StartupAction action = new StartupAction();

  @Override
  public Integer call() throws InterruptedException {
    return action.set(true);
  }
}
