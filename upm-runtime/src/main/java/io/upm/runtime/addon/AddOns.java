package io.upm.runtime.addon;

import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.upm.runtime.kube.Owners;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Objects of kinds that may not be there. A kind that is there is watched, for objects with one
 * label; one that is wanted and not there is waited for, without asking again and again; for one
 * that nobody wants there is no request after the first.
 */
public final class AddOns {
  private static final Logger LOG = LoggerFactory.getLogger(AddOns.class);

  private final KubernetesClient client;
  private final Map<AddOnKind, WatchedKind> kinds = new EnumMap<>(AddOnKind.class);

  /**
   * What can be told to somebody who waits.
   *
   * @param label label of the objects that are watched
   * @param changed told of an object that changed
   * @param arrived told when a kind is there
   */
  public record Interest(String label, Consumer<HasMetadata> changed, Runnable arrived) {}

  public AddOns(KubernetesClient client) {
    this.client = client;
  }

  /** Looks which kinds are there, and watches those. */
  public void open(Interest interest) {
    for (AddOnKind kind : AddOnKind.values()) {
      kinds.put(kind, new WatchedKind(client, kind, interest));
    }
    Stream.of(AddOnKind.values())
        .collect(Collectors.groupingBy(AddOnKind::apiVersion))
        .forEach((apiVersion, ofOneGroup) -> {
          Set<String> present = plurals(client.getApiResources(apiVersion));
          ofOneGroup.stream()
              .filter(kind -> present.contains(kind.plural()))
              .forEach(kind -> watched(kind).startNow());
        });
    LOG.info("kinds of other products: {}", available());
  }

  /** Those that can be used now. */
  public Set<AddOnKind> available() {
    return kinds.entrySet().stream()
        .filter(entry -> entry.getValue().isAvailable())
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Has kinds waited for that aren't there. */
  public void await(Collection<AddOnKind> wanted) {
    wanted.forEach(kind -> watched(kind).await());
  }

  /** Objects that an object controls. */
  public List<GenericKubernetesResource> of(HasMetadata owner) {
    return in(owner.getMetadata().getNamespace()).stream()
        .filter(object -> Owners.controls(owner, object))
        .toList();
  }

  /** Objects of a namespace. */
  public List<GenericKubernetesResource> in(String namespace) {
    return kinds.values().stream().flatMap(kind -> kind.in(namespace)).toList();
  }

  private WatchedKind watched(AddOnKind kind) {
    WatchedKind watched = kinds.get(kind);
    if (watched == null) {
      throw new IllegalStateException("nobody has looked yet which kinds are there");
    }
    return watched;
  }

  private static Set<String> plurals(@Nullable APIResourceList resources) {
    return resources == null
        ? Set.of()
        : resources.getResources().stream()
            .map(resource -> resource.getName())
            .collect(Collectors.toCollection(TreeSet::new));
  }
}
