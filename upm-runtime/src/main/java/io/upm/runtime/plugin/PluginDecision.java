package io.upm.runtime.plugin;

import io.upm.runtime.plugin.DecideRollback.Retreat;
import java.util.Optional;

/**
 * What follows for a Plugin.
 *
 * @param serve build that is to serve from now on; empty when that stays as it is
 * @param tried build that serves some UnitSets from now on; empty when that stays as it is
 * @param retreat what serves instead of a build that fails; empty when none does
 * @param ready whether the wanted version serves: True, False or Unknown
 * @param reason why, as one word
 * @param message why, as a sentence
 * @param unblock what the user can do; empty when nothing has to be done
 * @param awaited what has to come true; empty while nothing is awaited
 */
record PluginDecision(
    Optional<Staged> serve,
    Optional<Staged> tried,
    Optional<Retreat> retreat,
    String ready,
    String reason,
    String message,
    Optional<String> awaited,
    Optional<String> unblock) {

  static PluginDecision of(String ready, String reason, String message) {
    return new PluginDecision(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        ready,
        reason,
        message,
        Optional.empty(),
        Optional.empty());
  }

  PluginDecision serving(Staged staged) {
    return new PluginDecision(
        Optional.of(staged), tried, retreat, ready, reason, message, awaited, unblock);
  }

  PluginDecision trying(Staged staged) {
    return new PluginDecision(
        serve, Optional.of(staged), retreat, ready, reason, message, awaited, unblock);
  }

  PluginDecision retreating(Retreat to) {
    return new PluginDecision(
        serve, tried, Optional.of(to), ready, reason, message, awaited, unblock);
  }

  PluginDecision awaiting(String predicate, String help) {
    return new PluginDecision(
        serve,
        tried,
        retreat,
        ready,
        reason,
        message,
        Optional.of(predicate),
        help.isEmpty() ? Optional.empty() : Optional.of(help));
  }
}
