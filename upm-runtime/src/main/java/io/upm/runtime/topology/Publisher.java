package io.upm.runtime.topology;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.upm.runtime.api.Names;
import io.upm.runtime.kube.Applier;
import io.upm.runtime.kube.ForeignObjectException;
import io.upm.runtime.kube.Owners;
import io.upm.runtime.topology.ExternalNodes.Member;
import io.upm.runtime.topology.RoutePlan.Change;
import io.upm.runtime.topology.RoutePlan.Effect;
import io.upm.runtime.topology.RoutePlan.LabelledPod;
import io.upm.spi.topology.Endpoint;
import io.upm.spi.topology.NodeReport.Route;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes Services lead where clients are to be sent:
 *
 * <ol>
 *   <li>writes are taken away from Pods and addresses that are no longer to get them;
 *   <li>the two Services are applied;
 *   <li>everything else: reads, then writes for those that get them now.
 * </ol>
 *
 * <p>So at no moment do two nodes get writes unless both were observed to take them. Nothing is
 * written when nothing changed, and nothing is touched that belongs to somebody else.
 */
final class Publisher {
  /** Name under which the topology loops write. */
  static final String FIELD_MANAGER = "upm-topology";

  /**
   * What is to be published.
   *
   * @param children makes the objects
   * @param endpoints nodes of the spec
   * @param managed those that have a Unit
   * @param serviceType type of both Services
   * @param others names of other topology objects of the kind in the namespace
   */
  record Request(
      Children children,
      List<Endpoint> endpoints,
      Set<String> managed,
      Routes routes,
      String serviceType,
      Collection<String> others) {
    HasMetadata owner() {
      return children.owner();
    }

    String namespace() {
      return owner().getMetadata().getNamespace();
    }

    String name() {
      return owner().getMetadata().getName();
    }

    /** Nothing leads to a lone node that is not also the one for writes. */
    boolean readonly() {
      return endpoints.size() > 1;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
  private static final Set<Integer> GONE = Set.of(404, 409);

  private final KubernetesClient client;
  private final ClusterCaches caches;
  private final HostAddresses addresses;
  private final Applier applier;

  Publisher(KubernetesClient client, ClusterCaches caches, HostAddresses addresses) {
    this.client = client;
    this.caches = caches;
    this.addresses = addresses;
    this.applier = new Applier(client, FIELD_MANAGER);
  }

  /**
   * @return what could not be published, one sentence each
   */
  List<String> publish(Request request) throws InterruptedException {
    var problems = new ArrayList<String>();
    if (request.name().length() > Children.NAME_LIMIT) {
      problems.add(
          "metadata.name has %d characters: its Services need names of at most %d"
              .formatted(request.name().length(), Children.NAME_LIMIT));
      return problems;
    }
    RoutePlan plan = plan(request);
    for (String pod : plan.foreign()) {
      problems.add("Pod %s belongs to another %s".formatted(pod, request.owner().getKind()));
    }
    List<EndpointSlice> existing = slices(request);
    var members = new ExternalMembers(request, existing, addresses).find(problems);
    relabel(request, plan, Set.of(Effect.WITHDRAWS_WRITES), problems);
    withdrawWrites(request, existing, members, problems);
    services(request, problems);
    applySlices(request, Route.READONLY, members, problems);
    relabel(request, plan, Set.of(Effect.OTHER, Effect.GRANTS_WRITES), problems);
    applySlices(request, Route.READWRITE, members, problems);
    deleteSlices(request, existing, members, problems);
    return problems;
  }

  /** Takes the object's labels off all Pods; its Services go by themselves, being owned. */
  void withdraw(String namespace, RoutePlan.Labels labels) {
    var nobody = new Routes(Map.of(), Set.of(), false);
    for (Change change :
        RoutePlan.of(labels, nobody, caches.pods(namespace), List.of()).changes()) {
      patch(namespace, change);
    }
  }

  /**
   * The plan by the cache; when somebody is to get writes, it is made again by what the API server
   * says now, as a cache that is behind may not know who has them.
   */
  private RoutePlan plan(Request request) {
    var labels = request.children().labels();
    RoutePlan plan =
        RoutePlan.of(
            labels,
            request.routes(),
            relevant(request, caches.pods(request.namespace())),
            request.others());
    if (!plan.grantsWrites()) {
      return plan;
    }
    List<LabelledPod> live =
        client
            .pods()
            .inNamespace(request.namespace())
            .withLabel(Names.LABEL_UNIT)
            .list()
            .getItems()
            .stream()
            .map(ClusterCaches::labelled)
            .toList();
    return RoutePlan.of(labels, request.routes(), relevant(request, live), request.others());
  }

  private static List<LabelledPod> relevant(Request request, List<LabelledPod> pods) {
    var labels = request.children().labels();
    return pods.stream()
        .filter(pod ->
            request.managed().contains(pod.name())
                || labels.name().equals(pod.labels().get(labels.nameKey())))
        .toList();
  }

  private void relabel(
      Request request, RoutePlan plan, Set<Effect> effects, List<String> problems) {
    for (Change change : plan.changes()) {
      if (effects.contains(change.effect())) {
        attempt(problems, () -> patch(request.namespace(), change));
      }
    }
  }

  private void patch(String namespace, Change change) {
    var patch = PodPatch.labels(change.uid(), change.labels());
    try {
      client
          .pods()
          .inNamespace(namespace)
          .withName(change.pod())
          .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
      LOG.info("labels of Pod {}/{} are now {}", namespace, change.pod(), change.labels());
    } catch (KubernetesClientException e) {
      if (!GONE.contains(e.getCode())) {
        throw e;
      }
      // Another Pod of the name, or none: it comes back as a change of the Pod.
      LOG.debug("Pod {}/{} is not the one that was looked at", namespace, change.pod());
    }
  }

  private void services(Request request, List<String> problems) {
    int port = request.endpoints().getFirst().port();
    for (Route route : Route.values()) {
      String name = Children.serviceName(request.name(), route);
      Optional<Service> known = caches.service(request.namespace(), name);
      if (route == Route.READONLY && !request.readonly()) {
        known
            .filter(service -> Owners.controls(request.owner(), service))
            .ifPresent(service -> attempt(problems, () -> client.resource(service).delete()));
        continue;
      }
      Service desired = request.children().service(route, request.serviceType(), port);
      attempt(problems, () -> applier.apply(desired, known.orElse(null)));
    }
  }

  /** Reduces the slices for writes to those that had them before and keep them. */
  private void withdrawWrites(
      Request request,
      List<EndpointSlice> existing,
      EnumMap<Route, List<Member>> members,
      List<String> problems) {
    Set<String> before =
        existing.stream()
            .filter(slice ->
                Children.leadsTo(slice, Children.serviceName(request.name(), Route.READWRITE)))
            .flatMap(slice -> slice.getEndpoints().stream())
            .flatMap(endpoint -> endpoint.getAddresses().stream())
            .collect(Collectors.toSet());
    List<Member> wanted = members.getOrDefault(Route.READWRITE, List.of());
    List<Member> kept =
        wanted.stream().filter(member -> before.contains(member.address())).toList();
    Set<String> keptAddresses = kept.stream().map(Member::address).collect(Collectors.toSet());
    if (keptAddresses.containsAll(before)) {
      return;
    }
    var reduced = new EnumMap<>(members);
    reduced.put(Route.READWRITE, kept);
    applySlices(request, Route.READWRITE, reduced, problems);
    deleteSlices(request, existing, reduced, problems);
  }

  private void applySlices(
      Request request, Route route, EnumMap<Route, List<Member>> members, List<String> problems) {
    for (EndpointSlice desired :
        request.children().slices(route, members.getOrDefault(route, List.of()))) {
      EndpointSlice known =
          slices(request).stream()
              .filter(slice -> name(slice).equals(name(desired)))
              .findFirst()
              .orElse(null);
      attempt(problems, () -> applier.apply(desired, known));
    }
  }

  private void deleteSlices(
      Request request,
      List<EndpointSlice> existing,
      EnumMap<Route, List<Member>> members,
      List<String> problems) {
    var wanted = new HashSet<String>();
    members.forEach((route, ofRoute) ->
        request.children().slices(route, ofRoute).forEach(slice -> wanted.add(name(slice))));
    for (EndpointSlice slice : existing) {
      if (!wanted.contains(name(slice))) {
        attempt(problems, () -> client.resource(slice).delete());
      }
    }
  }

  private List<EndpointSlice> slices(Request request) {
    return caches.slices(request.namespace()).stream()
        .filter(slice -> Owners.controls(request.owner(), slice))
        .toList();
  }

  private static String name(HasMetadata object) {
    return object.getMetadata().getName();
  }

  private static void attempt(List<String> problems, Runnable write) {
    try {
      write.run();
    } catch (ForeignObjectException | KubernetesClientException e) {
      LOG.debug("publishing failed", e);
      problems.add(String.valueOf(e.getMessage()));
    }
  }
}
