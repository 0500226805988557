package io.upm.runtime.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code upm pause}. */
@Command(
    name = "pause",
    description = {
      "Has UPM change nothing about a UnitSet. Its databases serve, Pods that end are made again,"
          + " status is still written."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE,
      ExitCodes.WRONG_USE,
      ExitCodes.NOTHING_FOUND,
      ExitCodes.REFUSED
    },
    footerHeading = "%nExample:%n",
    footer = "  upm pause demo")
final class PauseCommand implements Callable<Integer> {
  @Mixin private final PauseAction action = new PauseAction();

  @Override
  public Integer call() {
    return action.set(true);
  }
}
