package io.upm.runtime.cli;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads and watches the objects of UPM's kinds. */
final class ListReader {
  private final KubernetesClient client;
  private final Optional<String> namespace;

  /** Kinds that are listed, in order. */
  private final List<ResourceDefinitionContext> kinds;

  /**
   * A reader of some kinds.
   *
   * @param namespace empty for all
   * @param what {@code all}, {@code sets}, {@code units}, {@code topologies}, or a kind
   * @throws CliException when there is no such kind, or UPM isn't installed
   */
  ListReader(KubernetesClient client, Optional<String> namespace, String what) {
    this.client = client;
    this.namespace = namespace;
    this.kinds = kinds(new Kinds(client), what.toLowerCase(Locale.ROOT));
  }

  /** Everything, sets before their units. */
  List<GenericKubernetesResource> read() {
    var objects = new ArrayList<GenericKubernetesResource>();
    for (ResourceDefinitionContext kind : kinds) {
      var all = client.genericKubernetesResources(kind);
      objects.addAll(
          (namespace.isPresent() && kind.isNamespaceScoped()
                  ? all.inNamespace(namespace.get())
                  : kind.isNamespaceScoped() ? all.inAnyNamespace() : all)
              .list()
              .getItems());
    }
    objects.sort(
        Comparator.<GenericKubernetesResource, String>comparing(object ->
            object.getMetadata().getNamespace() == null
                ? ""
                : object.getMetadata().getNamespace()));
    return objects;
  }

  /** Tells the watcher of each change from now on. */
  List<Watch> watch(Watcher<GenericKubernetesResource> watcher) {
    return kinds.stream()
        .map(kind -> {
          var all = client.genericKubernetesResources(kind);
          if (!kind.isNamespaceScoped()) {
            return all.watch(watcher);
          }
          return namespace.isPresent()
              ? all.inNamespace(namespace.get()).watch(watcher)
              : all.inAnyNamespace().watch(watcher);
        })
        .toList();
  }

  private static List<ResourceDefinitionContext> kinds(Kinds served, String what) {
    if (!served.installed()) {
      throw new CliException(
          ExitCodes.NOT_FOUND,
          "UPM isn't installed in this cluster: its resource kinds are missing");
    }
    Map<String, ResourceDefinitionContext> all = served.all();
    Map<String, ResourceDefinitionContext> topologies = served.topologies();
    List<ResourceDefinitionContext> found =
        switch (what) {
          case "all" -> everything(all, topologies);
          case "sets" -> List.of(all.get("UnitSet"));
          case "topologies" -> List.copyOf(topologies.values());
          default -> all.values().stream().filter(kind -> isNamed(kind, what)).toList();
        };
    if (found.isEmpty() && !what.equals("topologies")) {
      throw new CliException(
          ExitCodes.USAGE,
          "there is no kind \"%s\"; there are: all, sets, units, topologies, %s"
              .formatted(what, String.join(", ", all.keySet())));
    }
    return found;
  }

  private static List<ResourceDefinitionContext> everything(
      Map<String, ResourceDefinitionContext> all,
      Map<String, ResourceDefinitionContext> topologies) {
    var kinds = new ArrayList<ResourceDefinitionContext>();
    kinds.add(all.get("UnitSet"));
    kinds.add(all.get("Unit"));
    kinds.addAll(topologies.values());
    return kinds;
  }

  private static boolean isNamed(ResourceDefinitionContext kind, String what) {
    return kind.getPlural().equals(what) || kind.getKind().toLowerCase(Locale.ROOT).equals(what);
  }
}
