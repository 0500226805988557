package io.upm.runtime.provision;

import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.ProvisionStatus;
import io.upm.runtime.api.ProvisionStatus.AppliedStatus;
import io.upm.runtime.engine.Provision;
import io.upm.spi.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that a decision about a declared database or user depends on.
 *
 * @param problems what is wrong with its spec, as far as that can be told
 * @param setThere whether its UnitSet is there, and to stay
 * @param type engine of the set; empty while it has no Unit
 * @param provision how the engine's plugin does it; empty while there is no plugin
 * @param writer the Unit that takes writes
 * @param secretVersion version of the Secret with its password, if that holds one
 * @param calls those that were made for it
 */
record ProvisionView(
    Declared declared,
    List<Problem> problems,
    boolean setThere,
    Optional<String> type,
    Optional<Provision> provision,
    Writer writer,
    Optional<String> secretVersion,
    List<GrpcCall> calls,
    Instant now) {
  ProvisionView {
    problems = List.copyOf(problems);
    calls = List.copyOf(calls);
  }

  @Nullable ProvisionStatus status() {
    return declared.status();
  }

  /** What the engine was given last. */
  Optional<AppliedStatus> applied() {
    return Optional.ofNullable(declared.status()).map(ProvisionStatus::applied);
  }

  Optional<GrpcCall> call(String name) {
    return calls.stream().filter(call -> call.getMetadata().getName().equals(name)).findFirst();
  }
}
