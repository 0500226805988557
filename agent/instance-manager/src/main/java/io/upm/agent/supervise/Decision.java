package io.upm.agent.supervise;

import io.upm.agent.supervise.Situation.Config;
import io.upm.agent.supervise.Situation.Given;
import io.upm.agent.supervise.Situation.Wish;

/**
 * Decides the next step; pure.
 *
 * <ol>
 *   <li>Without a document nothing is known of what is wanted, and nothing is touched, except that
 *       the engine is stopped in order when the container ends.
 *   <li>A running engine is stopped only when that is wished, and ended only when it was asked to
 *       stop and its patience has run out. One that is to be started again is stopped only when
 *       there is all that it takes to start it.
 *   <li>An engine is started only on an initialised volume, with a configuration in force that the
 *       engine accepted or that was good before.
 *   <li>A volume is initialised only after a configuration could be rendered for it, and never when
 *       an action is to restore an instance there.
 * </ol>
 */
final class Decision {
  private Decision() {}

  static Step next(Situation situation) {
    return switch (situation.engine()) {
      case OVERDUE -> Step.KILL;
      case STOPPING -> Step.AWAIT_STOP;
      case PRESENT -> whenPresent(situation);
      case ABSENT -> whenAbsent(situation);
    };
  }

  private static Step whenPresent(Situation situation) {
    if (situation.wish() == Wish.END) {
      return Step.STOP;
    }
    if (situation.given() == Given.NO_DOCUMENT) {
      return Step.WATCH;
    }
    if (situation.wish() == Wish.STOPPED) {
      return Step.STOP;
    }
    if (situation.given() == Given.NO_PLUGIN) {
      return Step.WATCH;
    }
    if (situation.config() == Config.DUE && !situation.pausing()) {
      return Step.CONFIGURE;
    }
    boolean canStartAgain =
        situation.config() != Config.DUE && situation.config() != Config.REFUSED;
    return situation.wish() == Wish.RESTART && canStartAgain ? Step.STOP : Step.WATCH;
  }

  private static Step whenAbsent(Situation situation) {
    if (situation.wish() == Wish.END) {
      return Step.FINISH;
    }
    if (situation.given() == Given.NO_DOCUMENT) {
      return Step.AWAIT_DOCUMENT;
    }
    if (situation.wish() == Wish.STOPPED) {
      return Step.REST;
    }
    if (situation.given() == Given.NO_PLUGIN) {
      return Step.AWAIT_PLUGIN;
    }
    if (situation.pausing()) {
      return Step.PAUSE;
    }
    return towardsStart(situation);
  }

  private static Step towardsStart(Situation situation) {
    return switch (situation.config()) {
      case DUE, REFUSED -> Step.CONFIGURE;
      case UNCHECKED -> withData(situation, Step.CONFIGURE);
      case GOOD, LAST_GOOD -> withData(situation, Step.START);
    };
  }

  private static Step withData(Situation situation, Step next) {
    return switch (situation.data()) {
      case INITIALIZED -> next;
      case TO_BE_RESTORED -> Step.AWAIT_RESTORE;
      case EMPTY -> Step.INITIALIZE;
    };
  }
}
