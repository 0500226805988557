package io.upm.runtime.testing;

import io.upm.host.document.InstanceDocuments;
import io.upm.runtime.agent.AgentTarget;
import io.upm.runtime.agent.AgentView;
import io.upm.runtime.agent.Agents;
import io.upm.runtime.agent.DesiredAgent;
import io.upm.runtime.agent.Following;
import io.upm.runtime.agent.OperationOrder;
import io.upm.runtime.agent.UnitKey;
import io.upm.spi.instance.Health;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Agents that have at once what they should have, and say that all is well, but for those whose
 * volumes are empty and to be restored to.
 */
public final class PretendedAgents implements Agents {
  private final Map<UnitKey, AgentView> views = new ConcurrentHashMap<>();
  private final Map<UnitKey, DesiredAgent> desired = new ConcurrentHashMap<>();
  private final Map<String, PretendedOperation> operations = new ConcurrentHashMap<>();
  private final Set<UnitKey> filled = ConcurrentHashMap.newKeySet();
  private final List<Consumer<UnitKey>> listeners = new CopyOnWriteArrayList<>();

  @Override
  public void attach(UnitKey unit, AgentTarget target, DesiredAgent wanted) {
    DesiredAgent last = desired.put(unit, wanted);
    if (last != null && last.revision() == wanted.revision()) {
      return;
    }
    report(unit, wanted);
  }

  private void report(UnitKey unit, DesiredAgent wanted) {
    boolean empty =
        InstanceDocuments.read(wanted.document()).awaitsRestore() && !filled.contains(unit);
    AgentView.Report report =
        report(
            wanted, empty ? AgentView.Process.AWAITING_RESTORE : AgentView.Process.RUNNING, !empty);
    views.put(unit, new AgentView(true, Instant.now(), "", Optional.of(report)));
    listeners.forEach(listener -> listener.accept(unit));
  }

  /** The unit's volume holds data from now on. */
  public void fill(UnitKey unit) {
    filled.add(unit);
    desired(unit).ifPresent(wanted -> report(unit, wanted));
  }

  @Override
  public void detach(UnitKey unit) {
    desired.remove(unit);
    views.remove(unit);
  }

  @Override
  public Optional<AgentView> view(UnitKey unit) {
    return Optional.ofNullable(views.get(unit));
  }

  /** Operations are what a test makes of them; one that should run here already is not known. */
  @Override
  public Optional<Following> follow(UnitKey unit, OperationOrder order, Runnable onChange) {
    return view(unit)
        .map(agent ->
            order.begun() && !operations.containsKey(order.id())
                ? PretendedOperation.unknown(onChange)
                : operations
                    .computeIfAbsent(order.id(), id -> new PretendedOperation(order))
                    .follow(onChange));
  }

  /** The operation of that name, once it has begun. */
  public Optional<PretendedOperation> operation(String id) {
    return Optional.ofNullable(operations.get(id));
  }

  @Override
  public void onChange(Consumer<UnitKey> listener) {
    listeners.add(listener);
  }

  @Override
  public void close() {
    listeners.clear();
    desired.clear();
    views.clear();
  }

  public Set<UnitKey> attached() {
    return Set.copyOf(desired.keySet());
  }

  /** What an agent should have by now. */
  public Optional<DesiredAgent> desired(UnitKey unit) {
    return Optional.ofNullable(desired.get(unit));
  }

  /** How many agents should have each version of their plugin. */
  public Map<String, Long> plugins() {
    return desired.values().stream()
        .flatMap(wanted -> wanted.engine().stream())
        .collect(Collectors.groupingBy(engine -> engine.plugin().version(), Collectors.counting()));
  }

  private static AgentView.Report report(
      DesiredAgent wanted, AgentView.Process process, boolean serves) {
    return new AgentView.Report(
        "0.1.0",
        "acme@1.0.0",
        "ab".repeat(32),
        wanted.revision(),
        process,
        "",
        1,
        new Health(serves, serves, "source", "", Map.of(), Map.of()),
        AgentView.Config.applied("cd".repeat(32), wanted.revision()),
        AgentView.Accounts.TAKEN);
  }
}
