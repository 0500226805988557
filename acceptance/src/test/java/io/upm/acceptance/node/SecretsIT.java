package io.upm.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Where secrets come to lie while databases are made, replicate, and have every action done. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecretsIT {
  private static final String SYSTEM = "upm-system";
  private static final String SET = "marked";
  private static final String ALONE = "marked-alone";
  private static final String UNIT = ALONE + "-0";
  private static final String REPLICATION = "repl";
  private static final List<String> USERS = List.of("root", REPLICATION, "mon", "prov");
  private static final String APPLICATION = "app";
  private static final String KEY = "encryption key";
  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** For the owner alone. */
  private static final Set<PosixFilePermission> PRIVATE =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  @TempDir private static Path directory;
  private final Marks marks = marks();
  private Cluster cluster;
  private HostStore store;
  private ProcessWatch processes;

  private static Marks marks() {
    Marks random = Marks.of("root", REPLICATION, "mon", "prov", APPLICATION, KEY);
    var all = new TreeMap<>(random.values());
    all.put("store", HostStore.SECRET_KEY);
    return new Marks(all);
  }

  @BeforeAll
  void doEverything() throws IOException, SQLException {
    cluster = Cluster.inNamespace("acceptance-secrets");
    store = HostStore.start(host(), directory);
    processes = ProcessWatch.of(marks, store.pid());
    String encryptionKey =
        Base64.getEncoder().encodeToString(marks.of(KEY).getBytes(StandardCharsets.UTF_8));
    cluster.apply(HostStore.secret("store", encryptionKey));
    apply(SET, "2", "rpl_semi_sync");
    // Alone, for a restore: there is nobody else who would have to follow.
    apply(ALONE, "1", "");
    cluster.awaitReady(ALONE, 1);
    cluster.awaitReady(SET, 2);
    var calls = new Calls(cluster, "mysql");
    run(calls, "variable", "set-variable", "variables: {max_connections: \"123\"}");
    GenericKubernetesResource backup =
        run(
            calls,
            "backup",
            "logical-backup",
            "destination: \"s3://%s/secrets\", endpoint: \"%s\", encryption: AES256"
                .formatted(HostStore.BUCKET, store.endpoint()));
    String source =
        "source: \"%s\", endpoint: \"%s\""
            .formatted(Cluster.at(backup, "status", "values", "backup"), store.endpoint());
    run(calls, "verify", "verify", source);
    cluster.edit("Unit", UNIT, spec -> spec.put("startup", false));
    run(calls, "restore", "restore", source + ", overwrite: \"true\"");
    cluster.edit("Unit", UNIT, spec -> spec.put("startup", true));
    cluster.awaitReady(ALONE, 1);
    run(calls, "discard", "discard-replaced", "");
    Database.ofUnit(cluster, UNIT, marks.of(Manifests.PROVISION)).execute("CREATE DATABASE shop");
    GenericKubernetesResource part =
        run(
            calls,
            "part",
            "logical-backup",
            "database: shop, destination: \"s3://%s/secrets\", endpoint: \"%s\""
                .formatted(HostStore.BUCKET, store.endpoint()));
    run(
        calls,
        "part-restored",
        "restore-database",
        "source: \"%s\", endpoint: \"%s\""
            .formatted(Cluster.at(part, "status", "values", "backup"), store.endpoint()));
    declare();
    run(calls, "no-user", "drop-user", "name: nobody");
    run(calls, "no-database", "drop-database", "name: nothing");
  }

  /** Where it replicates: what is written goes through the binary log, too. */
  private void declare() {
    cluster.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: applications}
        stringData: {%1$s: "%2$s"}
        ---
        apiVersion: upm.syntropycloud.io/v1alpha1
        kind: Database
        metadata: {name: shop}
        spec: {unitSet: %3$s}
        ---
        apiVersion: upm.syntropycloud.io/v1alpha1
        kind: DatabaseUser
        metadata: {name: %1$s}
        spec:
          {unitSet: %3$s, secretRef: {name: applications, key: %1$s},
           grants: [{database: shop, privileges: [ALL]}]}
        """
            .formatted(APPLICATION, marks.of(APPLICATION), SET));
    cluster.await(
        "declared and there",
        () ->
            cluster.is("Database", "shop", "Ready")
                && cluster.is("DatabaseUser", APPLICATION, "Ready"));
  }

  private void apply(String set, String units, String mode) {
    cluster.apply(secret(set + "-secret"));
    String manifest =
        Manifests.file(
            "unitset.yaml", "name", set, "version", "8.0.33", "units", units, "mode", mode);
    cluster.apply(mode.isEmpty() ? manifest.replaceFirst("(?s)  topology:.*", "") : manifest);
  }

  private String secret(String name) {
    var yaml = new StringBuilder("apiVersion: v1\nkind: Secret\nmetadata: {name: ").append(name);
    yaml.append("}\nstringData:\n");
    USERS.forEach(user -> yaml.append("  %s: %s%n".formatted(user, marks.of(user))));
    return yaml.toString();
  }

  private static GenericKubernetesResource run(
      Calls calls, String name, String action, String parameters) {
    GenericKubernetesResource call = calls.run(name, UNIT, action, "store", parameters);
    assertThat(Cluster.at(call, "status", "phase"))
        .as("%s: %s", action, Cluster.at(call, "status", "message"))
        .isEqualTo("Succeeded");
    return call;
  }

  @AfterAll
  void remove() {
    if (processes != null) {
      processes.close();
    }
    if (store != null) {
      store.close();
    }
    cluster.close();
  }

  @Test
  void noneIsInArgumentsOrEnvironmentsOfAnyProcess() {
    assertThat(processes.programs()).contains("mysqld", "mysqldump", "mysql", "mover", "java");
    assertThat(processes.found()).isEmpty();
  }

  @Test
  void noneIsInLogs() {
    for (String namespace : List.of(cluster.namespace, SYSTEM)) {
      for (Pod pod : cluster.client.pods().inNamespace(namespace).list().getItems()) {
        Stream.concat(
                pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream())
            .map(Container::getName)
            .forEach(container ->
                assertThat(marks.in(log(pod, container)))
                    .as("%s of %s", container, pod.getMetadata().getName())
                    .isEmpty());
      }
    }
  }

  private String log(Pod pod, String container) {
    return cluster.client.pods().resource(pod).inContainer(container).getLog();
  }

  @Test
  void noneIsInObjectsOrEvents() {
    for (String kind :
        List.of("UnitSet", "Unit", "GrpcCall", "MysqlReplication", "Database", "DatabaseUser")) {
      assertThat(cluster.list(kind)).as(kind).isNotEmpty();
      assertThat(marks.in(Serialization.asYaml(cluster.list(kind)))).as(kind).isEmpty();
    }
    var client = cluster.client;
    String namespace = cluster.namespace;
    for (Object objects :
        List.of(
            client.pods().inNamespace(namespace).list(),
            client.configMaps().inNamespace(namespace).list(),
            client.events().v1().events().inNamespace(namespace).list())) {
      assertThat(marks.in(Serialization.asYaml(objects))).isEmpty();
    }
  }

  @Test
  void noneIsInEtcdOutsideOfSecrets() throws IOException {
    String octet = host().split("\\.", -1)[1];
    try (EtcdClient etcd = EtcdClient.at("127.0.%s.1".formatted(octet))) {
      Map<String, byte[]> all = etcd.values("/registry/", "/registry0");
      assertThat(all).as("the way to look").hasSizeGreaterThan(100);
      assertThat(all.entrySet())
          .filteredOn(entry -> !marks.in(entry.getValue()).isEmpty())
          .extracting(Map.Entry::getKey)
          .isNotEmpty()
          .allMatch(key -> key.startsWith("/registry/secrets/" + cluster.namespace + "/"));
    }
  }

  /** MySQL itself keeps one in clear: that with which a replica logs in. */
  @Test
  void noFileOnAVolumeHasOneThatOthersCouldRead() throws IOException {
    var readable = new TreeSet<String>();
    var engines = new TreeSet<String>();
    for (Pod pod : cluster.client.pods().inNamespace(cluster.namespace).list().getItems()) {
      Path root = rootOf(pod);
      for (String mark : marks.values().keySet()) {
        for (Path file : filesWith(mark, root)) {
          Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
          String found =
              "%s /%s %s: %s"
                  .formatted(
                      pod.getMetadata().getName(),
                      root.relativize(file),
                      PosixFilePermissions.toString(permissions),
                      mark);
          if (mark.equals(REPLICATION) && !permissions.contains(PosixFilePermission.OTHERS_READ)) {
            engines.add(found);
          } else if (!PRIVATE.containsAll(permissions)) {
            readable.add(found);
          }
        }
      }
    }
    assertThat(readable).isEmpty();
    assertThat(engines)
        .as("the way to look")
        .isNotEmpty()
        .allMatch(found -> found.startsWith(SET) && found.contains("/DATA_MOUNT/"));
  }

  /** Files with a secret in any form, on all volumes but those of Secrets. */
  private List<Path> filesWith(String mark, Path root) throws IOException {
    // Not as an argument: this is a process, too.
    Path patterns = Files.write(directory.resolve("patterns"), Marks.forms(marks.of(mark)));
    String found =
        Programs.run(
                directory,
                LIMIT,
                List.of(
                    "grep",
                    "-rlaFs",
                    "--devices=skip",
                    "--file=" + patterns,
                    root.resolve("DATA_MOUNT").toString(),
                    root.resolve("LOG_MOUNT").toString(),
                    root.resolve("run/upm").toString(),
                    root.resolve("tmp").toString()))
            .output();
    return found.lines().map(Path::of).toList();
  }

  /** A Pod's file system as its database sees it, which is a process of this machine. */
  private static Path rootOf(Pod pod) throws IOException {
    String uid = pod.getMetadata().getUid();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes
          .filter(process -> text(process.resolve("comm")).equals("mysqld\n"))
          .filter(process -> text(process.resolve("mountinfo")).contains(uid))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no mysqld of " + pod.getMetadata().getName()))
          .resolve("root");
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  /** This machine's address in the nodes' network; skipped where the nodes are another's. */
  private String host() {
    String host = URI.create(cluster.client.getConfiguration().getMasterUrl()).getHost();
    Assumptions.assumeTrue(host.startsWith("10."), "the nodes are not those of hack/cluster");
    return host;
  }
}
