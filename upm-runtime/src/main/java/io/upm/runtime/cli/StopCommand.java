package io.upm.runtime.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code upm stop}. */
@Command(
    name = "stop",
    description = {
      "Stops the engine of a unit, or of all units of a UnitSet: those that take no writes first,"
          + " each when the one before has stopped. Pods, agents and volumes stay."
    },
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
    footer = {"  upm stop demo-2", "  upm stop demo --timeout 20m"})
final class StopCommand implements Callable<Integer> {
  @Mixin private final StartupAction action = new StartupAction();

  @Override
  public Integer call() throws InterruptedException {
    return action.set(false);
  }
}
