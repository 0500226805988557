package io.upm.runtime.cli;

import picocli.CommandLine.Command;

/** {@code upm plugin}. */
@Command(
    name = "plugin",
    description = {
      "Installs, upgrades, rolls back and removes plugins while databases serve. No Pod is replaced."
          + " For their authors: makes, builds, signs and pushes them."
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      PluginInitCommand.class,
      PluginBuildCommand.class,
      PluginVerifyCommand.class,
      PluginSignCommand.class,
      PluginPushCommand.class,
      PluginListCommand.class,
      PluginInstallCommand.class,
      PluginPlanCommand.class,
      PluginUpgradeCommand.class,
      PluginRollbackCommand.class,
      PluginRemoveCommand.class
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE,
      "1:refused, or not done",
      ExitCodes.WRONG_USE,
      ExitCodes.NOTHING_FOUND,
      ExitCodes.REFUSED
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  upm plugin list",
      "  upm plugin plan my-engine 1.1.0",
      "  upm plugin upgrade my-engine 1.1.0",
      "  upm plugin rollback my-engine"
    })
final class PluginCommand {}
