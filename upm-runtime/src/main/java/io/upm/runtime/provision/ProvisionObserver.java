package io.upm.runtime.provision;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.upm.runtime.api.DatabaseUserSpec.PasswordReference;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.api.UnitStatus;
import io.upm.runtime.engine.Engine;
import io.upm.runtime.engine.Provision;
import io.upm.runtime.kube.SecretKeys;
import io.upm.runtime.kube.SecretKeys.Keys;
import io.upm.runtime.provision.Writer.Candidate;
import io.upm.runtime.topology.TopologyObjects.TopologyState;
import io.upm.runtime.unit.EngineContainer;
import io.upm.runtime.unit.UnitLabels;
import io.upm.spi.Problem;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Finds out what a decision about a declared database or user depends on. */
final class ProvisionObserver {
  /** Where the parameters of an action stand in a call, and where they are from here. */
  private static final String PARAMETERS = "spec.parameters.";

  private static final Comparator<ObjectMeta> OLDEST_FIRST =
      Comparator.comparing(ObjectMeta::getCreationTimestamp).thenComparing(ObjectMeta::getName);

  private final ProvisionParts parts;
  private final SecretKeys secrets;

  ProvisionObserver(ProvisionParts parts) {
    this.parts = parts;
    this.secrets = new SecretKeys(parts.client());
  }

  /**
   * @param others all of its kind that are of the same UnitSet
   * @param calls those with its label
   */
  ProvisionView observe(Declared declared, List<Declared> others, List<GrpcCall> calls) {
    String namespace = declared.meta().getNamespace();
    String set = declared.spec().unitSet();
    List<Unit> units =
        parts
            .units()
            .in(namespace)
            .filter(unit -> UnitLabels.set(unit).filter(set::equals).isPresent())
            .filter(unit -> EngineContainer.of(unit).isPresent())
            .toList();
    Optional<Unit> any = units.stream().findFirst();
    Optional<String> type = any.flatMap(EngineContainer::of).map(EngineContainer::type);
    Optional<Engine> engine = any.flatMap(parts.units()::engine);
    Optional<Provision> provision =
        engine.map(Engine::provisions).map(all -> all.get(declared.subject()));
    return new ProvisionView(
        declared,
        declared.leaving() ? List.of() : problems(declared, others, engine),
        !declared.leaving() || isThere(namespace, set),
        type,
        provision,
        Writer.pick(
            set,
            units.stream().map(ProvisionObserver::candidate).toList(),
            type.flatMap(one -> parts.topologies().state(one, namespace, set))
                .map(TopologyState::source)),
        declared.leaving()
            ? Optional.empty()
            : declared.password().flatMap(where -> version(declared, where)),
        calls.stream().filter(call -> call.getMetadata().getDeletionTimestamp() == null).toList(),
        parts.clock().instant());
  }

  private static Candidate candidate(Unit unit) {
    return new Candidate(
        unit.getMetadata().getName(),
        unit.getStatus() != null
            && unit.getStatus().phase() == UnitStatus.Phase.READY
            && unit.getMetadata().getDeletionTimestamp() == null);
  }

  /** Asked of the API server, as what a cache doesn't know yet would seem to be gone. */
  private boolean isThere(String namespace, String set) {
    UnitSet found =
        parts.client().resources(UnitSet.class).inNamespace(namespace).withName(set).get();
    return found != null && found.getMetadata().getDeletionTimestamp() == null;
  }

  /** One that lacks the key may be given it at any moment, so that is read again soon. */
  private Optional<String> version(Declared declared, PasswordReference where) {
    String namespace = declared.meta().getNamespace();
    Predicate<Keys> holds = keys -> keys.names().contains(where.key());
    return secrets
        .of(namespace, where.name(), SecretKeys.LONG)
        .flatMap(keys ->
            holds.test(keys)
                ? Optional.of(keys)
                : secrets.of(namespace, where.name(), SecretKeys.BRIEF))
        .filter(holds)
        .map(Keys::version);
  }

  private static List<Problem> problems(
      Declared declared, List<Declared> others, Optional<Engine> engine) {
    Optional<Declared> first =
        others.stream()
            .filter(other -> other.identity().equals(declared.identity()))
            .filter(other -> OLDEST_FIRST.compare(other.meta(), declared.meta()) < 0)
            .findFirst();
    if (first.isPresent()) {
      return List.of(
          new Problem(
              "spec.name",
              declared.name(),
              "%s %s declares it already"
                  .formatted(first.get().object().getKind(), first.get().meta().getName())));
    }
    return engine.map(one -> problems(declared, one)).orElse(List.of());
  }

  private static List<Problem> problems(Declared declared, Engine engine) {
    Provision provision = engine.provisions().get(declared.subject());
    if (provision == null) {
      return List.of(
          new Problem(
              "spec.unitSet",
              declared.spec().unitSet(),
              "one of an engine whose plugin knows a %s: that of %s does not"
                  .formatted(declared.object().getKind(), engine.descriptor().engine())));
    }
    return engine.checkAction(provision.apply(), declared.parameters()).stream()
        .map(one ->
            new Problem(
                one.field().startsWith(PARAMETERS)
                    ? "spec." + one.field().substring(PARAMETERS.length())
                    : one.field(),
                one.value(),
                one.allowed()))
        .toList();
  }
}
