package io.upm.runtime.topology;

import io.upm.host.plugin.Conversion;
import io.upm.host.plugin.LoadedPlugin;
import io.upm.host.plugin.PluginKey;
import io.upm.host.plugin.PluginObject;
import io.upm.runtime.engine.PluginEngine;
import io.upm.spi.Problem;
import io.upm.spi.topology.CredentialRef;
import io.upm.spi.topology.Decision;
import io.upm.spi.topology.Endpoint;
import io.upm.spi.topology.Memory;
import io.upm.spi.topology.Nodes;
import io.upm.spi.topology.SetView;
import io.upm.spi.topology.Step;
import io.upm.spi.topology.TopologyManager;
import io.upm.spi.topology.TopologyReport;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * One topology manager of a loaded plugin, called through the plugin's handle. Specs and what was
 * observed are objects of the plugin: they are handed back to it, and never kept.
 */
final class ManagedTopology {
  /** What the runtime keeps of a manager's descriptor. */
  record Kind(String name, String plural, String labelPrefix) {}

  private final PluginEngine engine;
  private final PluginObject<List<TopologyManager<?, ?>>> managers;
  private final int index;
  private final Kind kind;

  ManagedTopology(
      PluginEngine engine, PluginObject<List<TopologyManager<?, ?>>> managers, int index) {
    this.engine = engine;
    this.managers = managers;
    this.index = index;
    this.kind =
        managers.call(
            "descriptor",
            all -> {
              var descriptor = all.get(index).descriptor();
              return new Kind(descriptor.kind(), descriptor.plural(), descriptor.labelPrefix());
            });
  }

  Kind kind() {
    return kind;
  }

  PluginKey plugin() {
    return engine.plugin();
  }

  PluginEngine engine() {
    return engine;
  }

  LoadedPlugin loaded() {
    return engine.loaded();
  }

  /** Name of the port for clients, in Services. */
  String portName() {
    return engine.descriptor().clientPort().name();
  }

  Conversion<Record> read(Map<String, ?> spec) {
    return call(
        "descriptor", manager -> loaded().codec().read(manager.descriptor().spec(), spec, "spec"));
  }

  Map<String, Object> write(Record spec) {
    return call("codec", manager -> loaded().codec().writeMap(spec));
  }

  List<Problem> validate(Record spec) {
    return call("validate", manager -> List.copyOf(manager.validate(spec)));
  }

  List<Endpoint> endpoints(Record spec) {
    return call("endpoints", manager -> List.copyOf(manager.endpoints(spec)));
  }

  List<CredentialRef> credentials(Record spec) {
    return call("credentials", manager -> List.copyOf(manager.credentials(spec)));
  }

  String serviceType(Record spec) {
    return call("serviceType", manager -> manager.serviceType(spec));
  }

  Object observe(Record spec, Nodes nodes) {
    return call("observe", manager -> manager.observe(spec, nodes));
  }

  Decision decide(Record spec, Object observed, Memory memory) {
    return call("decide", manager -> manager.decide(spec, observed, memory));
  }

  void act(Step step, Record spec, Nodes nodes) {
    call(
        "act",
        manager -> {
          manager.act(step, spec, nodes);
          return true;
        });
  }

  TopologyReport report(Record spec, Object observed, Memory memory) {
    return call("report", manager -> manager.report(spec, observed, memory));
  }

  Optional<Record> specFor(SetView set, Optional<Record> current) {
    return call("specFor", manager -> manager.specFor(set, current));
  }

  Optional<String> successor(Record spec, String node) {
    return call("successor", manager -> manager.successor(spec, node));
  }

  /**
   * The casts are the host's side of the manager's type parameters: what goes in as spec or
   * observation came out of the same manager.
   */
  @SuppressWarnings("unchecked")
  private <R> R call(String operation, Function<TopologyManager<Record, Object>, R> use) {
    return engine.counted(
        operation,
        () ->
            managers.call(
                operation,
                all ->
                    Objects.requireNonNull(
                        use.apply((TopologyManager<Record, Object>) all.get(index)),
                        () -> operation + " returned null")));
  }
}
