package io.upm.runtime.unit;

import io.upm.runtime.agent.UnitKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Whose agent is changed: one of a set at a time, and a few in all. One that doesn't come to a good
 * end keeps its turn, so that an image that is no good is tried in few Pods. Safe for concurrent
 * use.
 */
final class AgentTurns {
  /** In all sets together. */
  static final int MOST = 10;

  private final Map<UnitKey, UnitKey> holders = new HashMap<>();
  private final Set<UnitKey> waiting = new HashSet<>();
  private final Consumer<UnitKey> nudge;

  /**
   * @param nudge told of those who may ask again
   */
  AgentTurns(Consumer<UnitKey> nudge) {
    this.nudge = nudge;
  }

  /** Returns whether it is its turn; if not, it is told when it may be. */
  synchronized boolean take(UnitKey set, UnitKey unit) {
    UnitKey holder = holders.get(set);
    if (unit.equals(holder)) {
      return true;
    }
    if (holder != null || holders.size() >= MOST) {
      waiting.add(unit);
      return false;
    }
    hold(set, unit);
    return true;
  }

  /** One that has begun has its turn, as after a restart of the runtime. */
  synchronized void hold(UnitKey set, UnitKey unit) {
    waiting.remove(unit);
    holders.putIfAbsent(set, unit);
  }

  /** It needs no turn any more. */
  void release(UnitKey unit) {
    List<UnitKey> next;
    synchronized (this) {
      waiting.remove(unit);
      if (!holders.values().remove(unit)) {
        return;
      }
      next = List.copyOf(waiting);
      waiting.clear();
    }
    next.forEach(nudge);
  }
}
