package io.upm.runtime.call;

import io.upm.runtime.agent.Agents;
import io.upm.runtime.agent.Following;
import io.upm.runtime.agent.OperationOrder;
import io.upm.runtime.agent.UnitKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Who follows which operation, by its name. */
final class Followings {
  private final Agents agents;
  private final InstantSource clock;
  private final Map<String, Followed> followed = new ConcurrentHashMap<>();

  private record Followed(Following following, Instant since, boolean cancelled) {}

  Followings(Agents agents, InstantSource clock) {
    this.agents = agents;
    this.clock = clock;
  }

  Optional<CallView.Word> heard(String operation) {
    return Optional.ofNullable(followed.get(operation))
        .map(one -> new CallView.Word(one.following().heard(), one.since()));
  }

  /** Follows from now on, in place of a follower that has ended. */
  void follow(UnitKey unit, OperationOrder order, Runnable onChange) {
    forget(order.id());
    agents
        .follow(unit, order, onChange)
        .ifPresent(
            following -> followed.put(order.id(), new Followed(following, clock.instant(), false)));
  }

  /** Asks once. */
  void cancel(String operation) {
    followed.computeIfPresent(
        operation,
        (id, one) -> {
          if (one.cancelled()) {
            return one;
          }
          one.following().cancel();
          return new Followed(one.following(), one.since(), true);
        });
  }

  void forget(String operation) {
    Followed one = followed.remove(operation);
    if (one != null) {
      one.following().close();
    }
  }
}
