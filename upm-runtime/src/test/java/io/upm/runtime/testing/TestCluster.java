package io.upm.runtime.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.pki.CertificateAuthority;
import io.upm.runtime.pki.TestAuthority;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/**
 * A namespace on a real API server: of the control plane without nodes that {@code
 * UPM_CONTROL_PLANE} leads to, or of that one of several which is this process's, and which must be
 * there then; else of the cluster of {@code UPM_KUBECONFIG}, and tests are skipped without it or
 * with a runtime at work in it. Not {@code KUBECONFIG}: nobody's own cluster is touched by mistake.
 */
public final class TestCluster implements AutoCloseable {
  private static final List<String> CRDS =
      List.of(
          "units.upm.syntropycloud.io",
          "unitsets.upm.syntropycloud.io",
          "projects.upm.syntropycloud.io",
          "plugins.upm.syntropycloud.io",
          "grpccalls.upm.syntropycloud.io",
          "backups.upm.syntropycloud.io",
          "backupschedules.upm.syntropycloud.io",
          "databases.upm.syntropycloud.io",
          "databaseusers.upm.syntropycloud.io");

  private static final String OCCUPIED =
      "a runtime is at work in this cluster and would serve the test's objects too";

  static {
    // A status, condition or object that is not there yet throws where a test looks into it: that
    // is awaited like a wrong value.
    Awaitility.ignoreExceptionsByDefault();
  }

  private final KubernetesClient client;
  private final String namespace = "core-" + UUID.randomUUID().toString().substring(0, 8);
  private final CertificateAuthority authority = TestAuthority.create(Clock.systemUTC());
  private final PretendedKubelet kubelet;

  private TestCluster(KubernetesClient client) {
    this.client = client;
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
    secret();
    kubelet = new PretendedKubelet(client, namespace);
  }

  /** Opens a namespace, with the CRDs as they are in the sources. */
  public static TestCluster open() throws IOException {
    String ours = controlPlane();
    String file = kubeconfig();
    Assumptions.assumeFalse(
        file.isEmpty(),
        "neither UPM_CONTROL_PLANE nor UPM_KUBECONFIG names a kubeconfig of a cluster for tests");
    Config config = Config.fromKubeconfig(Files.readString(Path.of(file)));
    KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build();
    boolean occupied = isRuntimeInstalled(client);
    if (ours.isEmpty()) {
      Assumptions.assumeFalse(occupied, OCCUPIED);
    } else if (occupied) {
      throw new IllegalStateException(OCCUPIED);
    }
    for (String crd : CRDS) {
      install(client, crd);
    }
    return new TestCluster(client);
  }

  /** Path of the kubeconfig of the cluster for tests; empty when there is none. */
  public static String kubeconfig() {
    String ours = controlPlane();
    return ours.isEmpty() ? setting("UPM_KUBECONFIG") : ours;
  }

  /** Where several are named, the one of this process; empty when there is none. */
  static String controlPlane() {
    String all = setting("UPM_CONTROL_PLANE");
    return all.isEmpty() ? "" : OwnControlPlane.of(all.split(File.pathSeparator));
  }

  static String setting(String name) {
    return System.getProperty(name, System.getenv().getOrDefault(name, ""));
  }

  private static boolean isRuntimeInstalled(KubernetesClient client) {
    return client
        .apps()
        .deployments()
        .inAnyNamespace()
        .withField("metadata.name", "upm-runtime")
        .list()
        .getItems()
        .stream()
        .anyMatch(deployment -> deployment.getSpec().getReplicas() > 0);
  }

  private static void install(KubernetesClient client, String crd) throws IOException {
    CustomResourceDefinition definition =
        Manifests.SERIALIZATION.unmarshal(
            Files.readString(Path.of("..", "crds", crd + ".yaml")), CustomResourceDefinition.class);
    client
        .resource(definition)
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("upm-up")
                .withForce(true)
                .build());
    client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName(crd)
        .waitUntilCondition(
            live ->
                live.getStatus() != null
                    // There is a status before there are conditions in it.
                    && live.getStatus().getConditions() != null
                    && live.getStatus().getConditions().stream()
                        .anyMatch(one ->
                            one.getType().equals("Established") && one.getStatus().equals("True")),
            30,
            TimeUnit.SECONDS);
  }

  public KubernetesClient client() {
    return client;
  }

  public String namespace() {
    return namespace;
  }

  public CertificateAuthority authority() {
    return authority;
  }

  public PretendedKubelet kubelet() {
    return kubelet;
  }

  /** Makes the Secret with the passwords. */
  public void secret() {
    secret("db-secret", "boss", "replication");
  }

  /** Makes a Secret with a value for each key. */
  public void secret(String name, String... keys) {
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .withStringData(
                    Stream.of(keys).collect(Collectors.toMap(key -> key, key -> "a " + key)))
                .build())
        .create();
  }

  /** Applies the set as a user does, with changes as in {@link Manifests#set}. */
  public void apply(String name, String... changes) {
    apply(name, Manifests.tree(Manifests.SET, changes));
  }

  /** Applies this set, as a user does. */
  public void apply(String name, ObjectNode tree) {
    tree.withObjectProperty("metadata").put("name", name);
    // No node is taken by it.
    tree.withObjectProperty("spec")
        .set(
            "nodeAffinityPreset",
            Manifests.tree("{p: [{key: upm.test/nowhere, values: ['true']}]}").get("p"));
    applyTree(tree);
  }

  /** Applies a Unit that no UnitSet owns. */
  public void applyUnit(String name) {
    var tree =
        Manifests.tree(
            """
            apiVersion: upm.syntropycloud.io/v1alpha2
            kind: Unit
            metadata: {name: solo}
            spec:
              template:
                spec:
                  nodeSelector: {upm.test/nowhere: 'true'}
                  containers:
                    - name: acme
                      image: acme:1.2.3
                      volumeMounts: [{name: data, mountPath: /DATA_MOUNT}]
                  volumes: [{name: data, persistentVolumeClaim: {claimName: %s-data}}]
              volumeClaimTemplates:
                - metadata: {name: data}
                  spec:
                    accessModes: [ReadWriteOnce]
                    resources: {requests: {storage: 1Gi}}
            """
                .formatted(name));
    tree.withObjectProperty("metadata").put("name", name);
    applyTree(tree);
  }

  private void applyTree(ObjectNode tree) {
    var metadata = tree.withObjectProperty("metadata");
    metadata.put("namespace", namespace);
    metadata.remove("uid");
    metadata.remove("generation");
    client
        .resource(tree.toString())
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("user")
                .withForce(true)
                .build());
  }

  /** A UnitSet, which may be there or not. */
  public Resource<UnitSet> set(String name) {
    return client.resources(UnitSet.class).inNamespace(namespace).withName(name);
  }

  public <T extends HasMetadata> T get(Class<T> kind, String name) {
    return client.resources(kind).inNamespace(namespace).withName(name).require();
  }

  /** Deletes an object and returns when it is gone. */
  public void remove(Class<? extends HasMetadata> kind, String name) {
    var object = client.resources(kind).inNamespace(namespace).withName(name);
    object.delete();
    object.waitUntilCondition(java.util.Objects::isNull, 30, TimeUnit.SECONDS);
  }

  public <T extends HasMetadata> List<T> all(Class<T> kind) {
    return client.resources(kind).inNamespace(namespace).list().getItems();
  }

  @Override
  public void close() {
    kubelet.close();
    // At once, and not when the namespace's turn comes: the next test may look at all there are.
    client.resources(UnitSet.class).inNamespace(namespace).delete();
    client.namespaces().withName(namespace).delete();
    client.close();
  }
}
