package io.upm.runtime.call;

import io.upm.runtime.agent.Following.Heard;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.GrpcCallStatus;
import io.upm.spi.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that a decision about a call depends on.
 *
 * @param problems what is wrong with its spec, as far as that can be told
 * @param lacking what it has to wait for before it can begin; empty when there is nothing
 * @param connected whether its agent is heard
 * @param heard what its follower knows; empty without one
 */
record CallView(
    GrpcCall call,
    List<Problem> problems,
    Optional<Lacking> lacking,
    boolean connected,
    Optional<Word> heard,
    Instant now) {

  /**
   * What is missing, as a sentence of what has to come true.
   *
   * @param unblock what the user can do; empty when nothing
   */
  record Lacking(String predicate, String unblock) {}

  /**
   * What a follower knows.
   *
   * @param since when it knows that
   */
  record Word(Heard heard, Instant since) {}

  CallView {
    problems = List.copyOf(problems);
  }

  int attempt() {
    return attempt(call);
  }

  /** The attempt that a call is at, from 1. */
  static int attempt(GrpcCall call) {
    GrpcCallStatus status = call.getStatus();
    return status == null || status.attempt() == null ? 1 : status.attempt();
  }

  String operation() {
    return operation(call, attempt());
  }

  /** Never the same for two attempts, however often the runtime begins anew. */
  static String operation(GrpcCall call, int attempt) {
    return call.getMetadata().getUid() + "-" + attempt;
  }

  @Nullable GrpcCallStatus status() {
    return call.getStatus();
  }
}
