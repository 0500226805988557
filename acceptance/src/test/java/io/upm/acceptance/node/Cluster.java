package io.upm.acceptance.node;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A namespace on the node under test, seen as a user sees it: through the API server. */
final class Cluster implements AutoCloseable {
  /** Generous: the node shares two cores with its databases. */
  static final Duration PATIENCE = Duration.ofMinutes(4);

  private static final String GROUP = "upm.syntropycloud.io";

  /** Deleted, while the test after it is at work. */
  private static final Set<String> LEAVING = new HashSet<>();

  static {
    // What an object does not have yet throws where a test looks for it: awaited like the rest.
    Awaitility.ignoreExceptionsByDefault();
  }

  final KubernetesClient client;
  final String namespace;

  private Cluster(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** Makes the namespace anew; a leftover of an interrupted run is removed first. */
  static Cluster inNamespace(String namespace) {
    String kubeconfig =
        Objects.requireNonNull(
            System.getenv("UPM_KUBECONFIG"), "UPM_KUBECONFIG names the kubeconfig of the node");
    var client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(Path.of(kubeconfig).toFile()))
            .build();
    var cluster = new Cluster(client, namespace);
    cluster.deleteNamespace();
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
    return cluster;
  }

  /** Applies manifests the way {@code kubectl apply --server-side} does, with strict validation. */
  void apply(String yaml) {
    for (HasMetadata object : client.load(stream(yaml)).items()) {
      client
          .resource(object)
          .inNamespace(namespace)
          .fieldValidation(FieldValidateable.Validation.STRICT)
          .fieldManager("acceptance")
          .forceConflicts()
          .serverSideApply();
    }
  }

  Optional<GenericKubernetesResource> find(String kind, String name) {
    return Optional.ofNullable(
        client
            .genericKubernetesResources(context(kind))
            .inNamespace(namespace)
            .withName(name)
            .get());
  }

  /** Changes the spec of an object, as {@code kubectl edit} does. */
  @SuppressWarnings("unchecked")
  void edit(String kind, String name, Consumer<Map<String, Object>> change) {
    client
        .genericKubernetesResources(context(kind))
        .inNamespace(namespace)
        .withName(name)
        .edit(object -> {
          change.accept((Map<String, Object>) object.getAdditionalProperties().get("spec"));
          return object;
        });
  }

  void annotate(String kind, String name, String key, String value) {
    client
        .genericKubernetesResources(context(kind))
        .inNamespace(namespace)
        .withName(name)
        .edit(object -> {
          object.getMetadata().getAnnotations().put(key, value);
          return object;
        });
  }

  List<GenericKubernetesResource> list(String kind) {
    return client
        .genericKubernetesResources(context(kind))
        .inNamespace(namespace)
        .list()
        .getItems();
  }

  void delete(String kind, String name) {
    client.genericKubernetesResources(context(kind)).inNamespace(namespace).withName(name).delete();
  }

  Optional<Pod> pod(String name) {
    return Optional.ofNullable(client.pods().inNamespace(namespace).withName(name).get());
  }

  String podAddress(String name) {
    return pod(name).orElseThrow(() -> new AssertionError("no Pod " + name)).getStatus().getPodIP();
  }

  String nodeOf(String pod) {
    return pod(pod).orElseThrow(() -> new AssertionError("no Pod " + pod)).getSpec().getNodeName();
  }

  /** The node with the runtime that reconciles. */
  String nodeOfTheLeader() {
    String leader =
        client
            .leases()
            .inNamespace("upm-system")
            .withName("upm-runtime")
            .require()
            .getSpec()
            .getHolderIdentity();
    return client.pods().inNamespace("upm-system").list().getItems().stream()
        .filter(pod -> leader.contains(pod.getMetadata().getName()))
        .map(pod -> pod.getSpec().getNodeName())
        .findFirst()
        .orElseThrow(() -> new AssertionError("no Pod of the leader " + leader));
  }

  int restarts(String pod) {
    return pod(pod).orElseThrow().getStatus().getContainerStatuses().stream()
        .mapToInt(status -> status.getRestartCount())
        .sum();
  }

  Service service(String name) {
    return Objects.requireNonNull(
        client.services().inNamespace(namespace).withName(name).get(), "Service " + name);
  }

  /**
   * Runs a program in a container and gives what it wrote; the tests' way of {@code kubectl exec}.
   */
  String exec(String pod, String container, String... command) {
    var output = new ByteArrayOutputStream();
    try (var watch =
        client
            .pods()
            .inNamespace(namespace)
            .withName(pod)
            .inContainer(container)
            .writingOutput(output)
            .writingError(output)
            .exec(command)) {
      watch.exitCode().get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("exec in " + pod, e);
    }
    return output.toString(StandardCharsets.UTF_8);
  }

  /** Sends SIGKILL to every process of that name in the container. */
  void kill(String pod, String container, String process) {
    signal("KILL", pod, container, process);
  }

  void signal(String signal, String pod, String container, String process) {
    exec(pod, container, "/bin/sh", "-c", "kill -" + signal + " $(pidof " + process + ")");
  }

  String pidOf(String pod, String container, String process) {
    return exec(pod, container, "/bin/sh", "-c", "pidof " + process).strip();
  }

  void awaitReady(String set, int units) {
    await(set + " Ready with " + units + " units", () -> isReady(set, units));
  }

  boolean isReady(String set, int units) {
    return find("UnitSet", set)
        .filter(found -> "True".equals(condition(found, "Ready", "status")))
        .filter(found -> observed(found))
        .filter(found -> Integer.valueOf(units).equals(at(found, "status", "readyUnits")))
        .isPresent();
  }

  void await(String what, BooleanSupplier condition) {
    try {
      org.awaitility.Awaitility.await(what)
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(250))
          .ignoreExceptionsInstanceOf(io.fabric8.kubernetes.client.KubernetesClientException.class)
          .until(condition::getAsBoolean);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(e.getMessage() + "\n" + Scene.of(this), e);
    }
  }

  /** A field of one of an object's conditions, or empty when it has no such condition. */
  /** Whether the condition of that type is True. */
  boolean is(String kind, String name, String type) {
    return "True".equals(condition(find(kind, name).orElseThrow(), type, "status"));
  }

  static String condition(GenericKubernetesResource object, String type, String field) {
    if (at(object, "status", "conditions") instanceof List<?> conditions) {
      for (Object condition : conditions) {
        if (condition instanceof Map<?, ?> map && type.equals(map.get("type"))) {
          return String.valueOf(map.get(field));
        }
      }
    }
    return "";
  }

  static String conditions(GenericKubernetesResource object) {
    return String.valueOf(Objects.requireNonNullElse(at(object, "status", "conditions"), "none"));
  }

  static boolean observed(GenericKubernetesResource object) {
    return at(object, "status", "observedGeneration") instanceof Number generation
        && generation.longValue() == object.getMetadata().getGeneration();
  }

  /** A value below an object's top level; null when there is none. */
  static Object at(GenericKubernetesResource object, String... path) {
    Object value = object.getAdditionalProperties();
    for (String key : path) {
      value = value instanceof Map<?, ?> map ? map.get(key) : null;
    }
    return value;
  }

  /** Has the namespace deleted; whether it goes is looked at when the next one is closed. */
  @Override
  public void close() {
    client.namespaces().withName(namespace).delete();
    LEAVING.removeIf(this::awaitGone);
    LEAVING.add(namespace);
    client.close();
  }

  private void deleteNamespace() {
    client.namespaces().withName(namespace).delete();
    awaitGone(namespace);
  }

  private boolean awaitGone(String name) {
    awaitGone("namespace " + name, () -> client.namespaces().withName(name).get() == null);
    return true;
  }

  private static void awaitGone(String what, BooleanSupplier condition) {
    org.awaitility.Awaitility.await(what + " gone")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(250))
        .until(condition::getAsBoolean);
  }

  /** Of a kind whose objects belong to no namespace. */
  static ResourceDefinitionContext cluster(String kind) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(GROUP)
        .withVersion("v1alpha1")
        .withKind(kind)
        .withPlural(kind.toLowerCase(java.util.Locale.ROOT) + "s")
        .withNamespaced(false)
        .build();
  }

  private static ResourceDefinitionContext context(String kind) {
    String version = kind.startsWith("Unit") ? "v1alpha2" : "v1alpha1";
    return new ResourceDefinitionContext.Builder()
        .withGroup(GROUP)
        .withVersion(version)
        .withKind(kind)
        .withPlural(kind.toLowerCase(java.util.Locale.ROOT) + "s")
        .withNamespaced(true)
        .build();
  }

  private static java.io.InputStream stream(String yaml) {
    return new java.io.ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8));
  }
}
