package io.upm.runtime.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.UnitSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads what a report is made of. What may not be read is noted and left out. */
final class ReportCollector {
  private static final int AGENT_PORT = 2215;
  private static final int RUNTIME_PORT = 8080;
  private static final JsonMapper JSON = new JsonMapper();

  private final KubernetesClient client;
  private final int tail;
  private final List<String> refused = new ArrayList<>();

  ReportCollector(KubernetesClient client, int tail) {
    this.client = client;
    this.tail = tail;
  }

  /** What could not be read, one sentence each. */
  List<String> refused() {
    return List.copyOf(refused);
  }

  /** Values of all Secrets of these namespaces: only to know them when they turn up in a log. */
  List<String> secretValues(List<String> namespaces) {
    var values = new ArrayList<String>();
    for (String namespace : namespaces) {
      read(
              "values of Secrets in " + namespace,
              () -> client.secrets().inNamespace(namespace).list().getItems())
          .forEach(secret -> values.addAll(values(secret)));
    }
    return values;
  }

  void namespace(ReportZip zip, String namespace) throws IOException {
    String folder = "namespaces/" + namespace + "/";
    for (ResourceDefinitionContext kind : new Kinds(client).all().values()) {
      if (kind.isNamespaceScoped()) {
        objects(
            zip,
            folder + kind.getPlural(),
            () -> client.genericKubernetesResources(kind).inNamespace(namespace).list().getItems());
      }
    }
    objects(zip, folder + "pods", () -> client.pods().inNamespace(namespace).list().getItems());
    objects(
        zip, folder + "services", () -> client.services().inNamespace(namespace).list().getItems());
    objects(
        zip,
        folder + "endpointslices",
        () -> client.discovery().v1().endpointSlices().inNamespace(namespace).list().getItems());
    objects(
        zip,
        folder + "persistentvolumeclaims",
        () -> client.persistentVolumeClaims().inNamespace(namespace).list().getItems());
    objects(
        zip,
        folder + "configmaps",
        () ->
            client
                .configMaps()
                .inNamespace(namespace)
                .withLabel(Names.LABEL_UNIT)
                .list()
                .getItems());
    objects(
        zip, folder + "secrets", () -> client.secrets().inNamespace(namespace).list().getItems());
    events(zip, namespace, folder);
    statuses(zip, namespace, folder);
    pods(zip, folder, unitPods(namespace), AGENT_PORT);
  }

  void cluster(ReportZip zip) throws IOException {
    objects(zip, "cluster/nodes", () -> client.nodes().list().getItems());
    objects(
        zip,
        "cluster/storageclasses",
        () -> client.storage().v1().storageClasses().list().getItems());
    objects(
        zip,
        "cluster/webhooks",
        () ->
            client
                .admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withLabel(VersionCommand.RUNTIME_LABEL, VersionCommand.RUNTIME_NAME)
                .list()
                .getItems());
    zip.put("versions.txt", versions());
  }

  /** The runtime, wherever it is. */
  void runtime(ReportZip zip) throws IOException {
    List<Pod> pods =
        read(
            "the runtime's Pods",
            () ->
                client
                    .pods()
                    .inAnyNamespace()
                    .withLabel(VersionCommand.RUNTIME_LABEL, VersionCommand.RUNTIME_NAME)
                    .list()
                    .getItems());
    objects(zip, "runtime/pods", () -> pods);
    pods(zip, "runtime/", pods, RUNTIME_PORT);
    List<String> namespaces =
        pods.stream().map(pod -> pod.getMetadata().getNamespace()).distinct().toList();
    for (String namespace : namespaces) {
      events(zip, namespace, "runtime/");
    }
  }

  private String versions() {
    Stream<String> lines =
        Stream.concat(
            Stream.of("upm " + VersionCommand.ofThisTool()),
            read("versions", () -> VersionCommand.lines(client)).stream());
    return lines.collect(Collectors.joining("\n", "", "\n"));
  }

  private List<Pod> unitPods(String namespace) {
    return read(
        "Pods in " + namespace,
        () -> client.pods().inNamespace(namespace).withLabel(Names.LABEL_UNIT).list().getItems());
  }

  private void statuses(ReportZip zip, String namespace, String folder) throws IOException {
    List<UnitSet> sets =
        read(
            "UnitSets in " + namespace,
            () -> client.resources(UnitSet.class).inNamespace(namespace).list().getItems());
    for (UnitSet set : sets) {
      String name = set.getMetadata().getName();
      Snapshot snapshot = new ClusterReader(client).read(namespace, name);
      if (snapshot.found()) {
        zip.put(
            folder + "status/" + name + ".txt",
            StatusText.draw(
                StatusAssembly.assemble(snapshot),
                new StatusText.Options(true, Style.PLAIN, Instant.now())));
      }
    }
  }

  private void pods(ReportZip zip, String folder, List<Pod> pods, int metricsPort)
      throws IOException {
    for (Pod pod : pods) {
      String name = pod.getMetadata().getName();
      List<Container> containers =
          Stream.concat(
                  pod.getSpec().getInitContainers().stream(),
                  pod.getSpec().getContainers().stream())
              .toList();
      for (Container container : containers) {
        String path = folder + "logs/" + name + "/" + container.getName();
        log(zip, path + ".log", pod, container.getName(), false);
        if (restarts(pod, container.getName()) > 0) {
          log(zip, path + ".previous.log", pod, container.getName(), true);
        }
      }
      String metrics =
          "/api/v1/namespaces/%s/pods/%s:%d/proxy/metrics"
              .formatted(pod.getMetadata().getNamespace(), name, metricsPort);
      read("metrics of " + name, () -> List.of(raw(metrics)))
          .forEach(text -> putUnchecked(zip, folder + "metrics/" + name + ".txt", text));
    }
  }

  private static void putUnchecked(ReportZip zip, String path, String text) {
    try {
      zip.put(path, text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private String raw(String path) {
    String text = client.raw(path);
    return text == null ? "" : text;
  }

  private void log(ReportZip zip, String path, Pod pod, String container, boolean previous)
      throws IOException {
    var lines =
        read(
            "log of %s/%s".formatted(pod.getMetadata().getName(), container),
            () -> {
              var log =
                  client
                      .pods()
                      .inNamespace(pod.getMetadata().getNamespace())
                      .withName(pod.getMetadata().getName())
                      .inContainer(container);
              String text =
                  previous
                      ? log.terminated().tailingLines(tail).getLog()
                      : log.tailingLines(tail).getLog();
              return List.of(text == null ? "" : text);
            });
    for (String text : lines) {
      zip.put(path, text);
    }
  }

  private static int restarts(Pod pod, String container) {
    return pod.getStatus() == null
        ? 0
        : Stream.concat(
                pod.getStatus().getInitContainerStatuses().stream(),
                pod.getStatus().getContainerStatuses().stream())
            .filter(status -> status.getName().equals(container))
            .mapToInt(status -> status.getRestartCount())
            .sum();
  }

  private void events(ReportZip zip, String namespace, String folder) throws IOException {
    List<Event> events =
        read(
            "events in " + namespace,
            () -> client.v1().events().inNamespace(namespace).list().getItems());
    String text =
        events.stream()
            .sorted(Comparator.comparing(ReportCollector::when))
            .map(ReportCollector::line)
            .collect(Collectors.joining());
    zip.put(folder + "events.txt", text);
  }

  private static String when(Event event) {
    if (event.getLastTimestamp() != null) {
      return event.getLastTimestamp();
    }
    return event.getEventTime() == null
        ? event.getMetadata().getCreationTimestamp()
        : event.getEventTime().getTime();
  }

  private static String line(Event event) {
    return "%s %s %s %s/%s: %s%n"
        .formatted(
            when(event),
            event.getType(),
            event.getReason(),
            event.getInvolvedObject().getKind(),
            event.getInvolvedObject().getName(),
            event.getMessage());
  }

  private <T extends HasMetadata> void objects(
      ReportZip zip, String path, Supplier<List<T>> objects) throws IOException {
    List<T> found = read(path, objects);
    if (!found.isEmpty()) {
      zip.putRedacted(path + ".yaml", yaml(zip.redaction(), found));
    }
  }

  static String yaml(Redaction redaction, List<? extends HasMetadata> objects) {
    var text = new StringBuilder();
    for (HasMetadata object : objects) {
      try {
        text.append(
            Serialization.asYaml(redaction.object(JSON.readTree(Serialization.asJson(object)))));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("objects from the server can always be written", e);
      }
    }
    return text.toString();
  }

  private static List<String> values(Secret secret) {
    if (secret.getData() == null) {
      return List.of();
    }
    return secret.getData().entrySet().stream()
        .filter(entry -> !entry.getKey().endsWith(".crt"))
        .map(entry ->
            new String(Base64.getDecoder().decode(entry.getValue()), StandardCharsets.UTF_8))
        .toList();
  }

  private <T> List<T> read(String what, Supplier<List<T>> reading) {
    try {
      return reading.get();
    } catch (KubernetesClientException e) {
      String why =
          e.getStatus() == null || e.getStatus().getMessage() == null
              ? String.valueOf(e.getMessage())
              : e.getStatus().getMessage();
      refused.add(what + ": " + why);
      return List.of();
    }
  }
}
