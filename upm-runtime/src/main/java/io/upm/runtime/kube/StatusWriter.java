package io.upm.runtime.kube;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.CustomResource;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** Writes a status when it changed, and tells the transitions in it. */
public final class StatusWriter<S, R extends CustomResource<?, S>> {
  private final Events events;
  private final InstantSource clock;
  private final Supplier<R> maker;
  private final Function<S, List<Condition>> conditions;
  private final Set<String> told;

  /**
   * A writer for one kind.
   *
   * @param maker makes an empty resource
   * @param conditions finds the conditions in a status
   * @param told condition types whose transitions are Events
   */
  public StatusWriter(
      Events events,
      InstantSource clock,
      Supplier<R> maker,
      Function<S, List<Condition>> conditions,
      Set<String> told) {
    this.events = events;
    this.clock = clock;
    this.maker = maker;
    this.conditions = conditions;
    this.told = told;
  }

  /** What JOSDK is to do about the status of a resource. */
  public UpdateControl<R> write(R live, S status) {
    S last = live.getStatus();
    if (status.equals(last)) {
      return UpdateControl.noUpdate();
    }
    events.publish(
        live,
        Events.transitions(
            last == null ? null : conditions.apply(last), conditions.apply(status), told),
        clock.instant());
    // A fresh object: what is patched must hold nothing but what this controller owns.
    R fresh = maker.get();
    fresh.getMetadata().setName(live.getMetadata().getName());
    fresh.getMetadata().setNamespace(live.getMetadata().getNamespace());
    fresh.setStatus(status);
    return UpdateControl.patchStatus(fresh);
  }
}
