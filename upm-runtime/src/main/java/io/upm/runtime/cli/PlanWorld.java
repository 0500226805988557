package io.upm.runtime.cli;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Service;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.engine.Engine;
import io.upm.runtime.unit.UnitView;
import io.upm.runtime.unitset.SetView;
import io.upm.spi.config.ConfigFile;
import io.upm.spi.config.ConfigInput;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the effect of a changed UnitSet depends on.
 *
 * @param view with the set as it would be, and everything else as it is
 * @param before the set as it is; empty when it isn't there
 * @param former the engine as another build of its plugin serves it now; empty when the plugin
 *     stays
 * @param children what there is of each unit, by its name
 * @param renderer renders configurations as the agent will
 */
record PlanWorld(
    SetView view,
    Optional<UnitSet> before,
    Optional<Engine> former,
    Map<String, UnitView.Children> children,
    Renderer renderer) {
  PlanWorld {
    children = Map.copyOf(children);
  }

  /** The files that an engine's plugin makes of an input. */
  @FunctionalInterface
  interface Renderer {
    List<ConfigFile> render(Engine engine, ConfigInput input);
  }

  /** The same, when another build of the plugin serves now. */
  PlanWorld from(Optional<Engine> now) {
    return new PlanWorld(view, before, now, children, renderer);
  }

  UnitView.Children childrenOf(String unit) {
    return children.getOrDefault(unit, UnitView.Children.NONE);
  }

  Map<String, PersistentVolumeClaim> claimsOf(String unit) {
    return childrenOf(unit).claims();
  }

  List<Service> services() {
    return view.services();
  }
}
