package io.upm.runtime.cli;

import io.upm.host.plugin.PluginFault;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.cli.PlanView.Fate;
import io.upm.runtime.cli.PlanView.FieldChange;
import io.upm.runtime.cli.PlanView.FileChange;
import io.upm.runtime.cli.PlanView.ObjectPlan;
import io.upm.runtime.cli.PlanView.UnitPlan;
import io.upm.runtime.cli.PlanView.Verb;
import io.upm.runtime.engine.Engine;
import io.upm.spi.config.Parameter;
import io.upm.spi.config.ParameterCatalog;
import io.upm.spi.engine.EngineVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What another build of its plugin does to a UnitSet. Pure: it asks both builds, and the
 * reconcilers' own decisions.
 */
final class PluginForecast {
  private final UnitSet set;
  private final Optional<Engine> present;
  private final Engine next;

  /**
   * @param present the engine as it is served; empty when it isn't
   */
  PluginForecast(UnitSet set, Optional<Engine> present, Engine next) {
    this.set = set;
    this.present = present;
    this.next = next;
  }

  /**
   * What happens.
   *
   * @param world with the engine as the other build serves it
   */
  ObjectPlan of(PlanWorld world) {
    var forecast = new SetForecast(world);
    List<FieldChange> parameters = parameters();
    List<String> problems = forecast.problems();
    List<UnitPlan> units = forecast.units();
    List<FileChange> files = forecast.files();
    boolean nothing =
        parameters.isEmpty()
            && problems.isEmpty()
            && files.isEmpty()
            && units.stream().allMatch(unit -> unit.fate() == Fate.KEPT);
    return new ObjectPlan(
        set.getKind(),
        set.getMetadata().getNamespace(),
        set.getMetadata().getName(),
        nothing ? Verb.NOTHING : Verb.CHANGE,
        parameters,
        problems,
        nothing ? List.of() : forecast.notes(),
        units,
        files);
  }

  /** Defaults that change, and parameters that come and go. */
  private List<FieldChange> parameters() {
    Optional<EngineVersion> version = version();
    if (version.isEmpty() || present.isEmpty()) {
      return List.of();
    }
    ParameterCatalog before = present.get().parameters(version.get());
    ParameterCatalog after = next.parameters(version.get());
    var names = new TreeSet<String>();
    before.all().forEach(parameter -> names.add(parameter.name()));
    after.all().forEach(parameter -> names.add(parameter.name()));
    var changes = new ArrayList<FieldChange>();
    for (String name : names) {
      compare(name, before.find(name), after.find(name)).ifPresent(changes::add);
    }
    return changes;
  }

  private Optional<FieldChange> compare(
      String name, Optional<Parameter> before, Optional<Parameter> after) {
    if (before.isPresent() && after.isEmpty()) {
      String use =
          Optional.ofNullable(set.getSpec().parameters().get(name))
              .map(value -> "set to " + value.asText())
              .orElse("known");
      return Optional.of(new FieldChange("parameter " + name, use, "dropped"));
    }
    if (before.isEmpty()) {
      return Optional.of(new FieldChange("parameter " + name, "", "new"));
    }
    if (set.getSpec().parameters().containsKey(name)) {
      return Optional.empty();
    }
    String old = before.get().defaultValue();
    String fresh = after.orElseThrow().defaultValue();
    return old.equals(fresh)
        ? Optional.empty()
        : Optional.of(new FieldChange("default of " + name, old, fresh));
  }

  /** One that either build doesn't serve has no parameters. */
  private Optional<EngineVersion> version() {
    try {
      EngineVersion version = EngineVersion.parse(set.getSpec().version());
      boolean served =
          next.descriptor().serves(version)
              && present.filter(engine -> engine.descriptor().serves(version)).isPresent();
      return served ? Optional.of(version) : Optional.empty();
    } catch (IllegalArgumentException | PluginFault e) {
      return Optional.empty();
    }
  }
}
