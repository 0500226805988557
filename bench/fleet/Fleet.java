import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.kube.Conditions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Creates UnitSets of three units, waits until all are Ready, leaves them alone for a while, and upgrades one; says what that
 * took. Called by {@code run}: Fleet KUBECONFIG AUDIT-LOG RUNTIME-PID SETS IDLE-SECONDS.
 */
final class Fleet {
  private static final int UNITS = 3;
  private static final int SETS_IN_NAMESPACE = 20;
  private static final int APPLIERS = 4;
  private static final Duration LIMIT = Duration.ofMinutes(30);
  private static final String SET =
      """
      apiVersion: upm.syntropycloud.io/v1alpha2
      kind: UnitSet
      metadata: {name: %s, namespace: %s}
      spec:
        type: mysql
        version: "%s"
        units: 3
        resources:
          requests: {cpu: 100m, memory: 640Mi}
          limits: {memory: 1Gi}
        storages:
          - {name: data, mountPath: /DATA_MOUNT, size: 2Gi}
        secret: {name: bench-secret, mountPath: /SECRET_MOUNT}
      """;

  private final KubernetesClient client;
  private final Audit audit;
  private final Usage runtime;
  private final int sets;
  private final Map<String, Long> ready = new ConcurrentHashMap<>();

  private Fleet(KubernetesClient client, Audit audit, Usage runtime, int sets) {
    this.client = client;
    this.audit = audit;
    this.runtime = runtime;
    this.sets = sets;
  }

  public static void main(String[] arguments) throws Exception {
    Config config = Config.fromKubeconfig(Files.readString(Path.of(arguments[0])));
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build()) {
      var audit = new Audit(Path.of(arguments[1]));
      var runtime = new Usage(Long.parseLong(arguments[2]));
      var fleet = new Fleet(client, audit, runtime, Integer.parseInt(arguments[3]));
      fleet.prepare();
      client.resources(UnitSet.class).inAnyNamespace().inform(fleet.new Watcher());
      fleet.create();
      fleet.idle(Duration.ofSeconds(Long.parseLong(arguments[4])));
      fleet.upgrade();
    }
  }

  private static String namespace(int set) {
    return "fleet-" + set / SETS_IN_NAMESPACE;
  }

  private static String name(int set) {
    return "set-" + set;
  }

  private void prepare() {
    IntStream.range(0, sets).mapToObj(Fleet::namespace).distinct().forEach(namespace -> {
      client
          .resource(new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
          .create();
      client
          .resource(
              new SecretBuilder()
                  .withNewMetadata()
                  .withName("bench-secret")
                  .withNamespace(namespace)
                  .endMetadata()
                  .withStringData(
                      Map.of("root", "a", "replication", "b", "monitor", "c", "provision", "d"))
                  .build())
          .create();
    });
  }

  private void apply(int set, String version) {
    client
        .resource(SET.formatted(name(set), namespace(set), version))
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("bench")
                .withForce(true)
                .build());
  }

  private void create() throws Exception {
    audit.since();
    double cpu = runtime.cpuSeconds();
    String load = Usage.load();
    long began = System.nanoTime();
    try (var appliers = Executors.newFixedThreadPool(APPLIERS)) {
      for (int set = 0; set < sets; set++) {
        int number = set;
        appliers.execute(() -> apply(number, "8.0.33"));
      }
    }
    double applied = seconds(began);
    await("all %d sets are Ready".formatted(sets), () -> ready.size() == sets);
    double took = seconds(began);
    say("all Ready: %.1f s after the first was applied (all were applied after %.1f s); load before %s, after %s",
        took, applied, load, Usage.load());
    settle();
    var requests = audit.since();
    say("requests of the runtime for each unit: %.1f, of them writes %.1f", requests.all() / units(), requests.writes() / units());
    say("  %s", requests.list(units()));
    say("runtime: CPU %.1f s, memory %s", runtime.cpuSeconds() - cpu, runtime.memory());
  }

  /** Until what comes after Ready (an Event, another look) is done. */
  private void settle() throws Exception {
    TimeUnit.SECONDS.sleep(10);
  }

  private void idle(Duration period) throws Exception {
    if (period.isZero()) {
      return;
    }
    audit.since();
    double cpu = runtime.cpuSeconds();
    String load = Usage.load();
    TimeUnit.SECONDS.sleep(period.toSeconds());
    double spent = runtime.cpuSeconds() - cpu;
    var requests = audit.since();
    say("idle for %d s: writes but the lease %d, requests %s, CPU %.2f s a minute, memory %s; load before %s, after %s",
        period.toSeconds(), requests.writes(), requests.list(1), spent * 60 / period.toSeconds(), runtime.memory(),
        load, Usage.load());
  }

  private void upgrade() throws Exception {
    ready.remove(namespace(0) + "/" + name(0));
    var before = pods().stream().map(pod -> pod.getMetadata().getUid()).toList();
    long began = System.nanoTime();
    Instant since = Instant.now();
    apply(0, "8.0.34");
    await("the set is upgraded", () -> pods().stream().noneMatch(pod -> before.contains(pod.getMetadata().getUid()))
        && pods().size() == UNITS && ready.containsKey(namespace(0) + "/" + name(0)));
    double took = seconds(began);
    Duration pods =
        pods().stream()
            .map(pod -> Duration.between(created(pod), readySince(pod)))
            .reduce(Duration.ZERO, Duration::plus);
    say("upgrade of one set: %.1f s, in which its Pods needed about %d s to become Ready (began %s)",
        took, pods.toSeconds(), since);
  }

  private List<Pod> pods() {
    return client
        .pods()
        .inNamespace(namespace(0))
        .withLabel("unit-operator/unitset.name", name(0))
        .list()
        .getItems();
  }

  private static Instant created(Pod pod) {
    return Instant.parse(pod.getMetadata().getCreationTimestamp());
  }

  private static Instant readySince(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .filter(one -> one.getType().equals("Ready"))
        .map(one -> Instant.parse(one.getLastTransitionTime()))
        .findFirst()
        .orElse(Instant.now());
  }

  private double units() {
    return (double) sets * UNITS;
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private static void say(String format, Object... values) {
    System.out.println(format.formatted(values));
  }

  private void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    long told = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (!runtime.isAlive()) {
        throw new IllegalStateException("the runtime ended while waiting until " + what + ": Ready are " + ready.size());
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("given up waiting until " + what + ": Ready are " + ready.size());
      }
      if (seconds(told) > 10) {
        told = System.nanoTime();
        System.err.printf("waiting until %s: Ready are %d%n", what, ready.size());
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private final class Watcher implements ResourceEventHandler<UnitSet> {
    @Override
    public void onAdd(UnitSet set) {
      onUpdate(set, set);
    }

    @Override
    public void onUpdate(UnitSet before, UnitSet set) {
      var status = set.getStatus();
      String key = set.getMetadata().getNamespace() + "/" + set.getMetadata().getName();
      boolean current =
          status != null && set.getMetadata().getGeneration().equals(status.observedGeneration());
      if (current
          && Conditions.isTrue(status.conditions(), "Ready")
          && !Conditions.isTrue(status.conditions(), "Progressing")) {
        ready.putIfAbsent(key, System.nanoTime());
      } else {
        ready.remove(key);
      }
    }

    @Override
    public void onDelete(UnitSet set, boolean unknown) {}
  }
}

/** What a process has used, from /proc. */
record Usage(long pid) {
  private static final double TICKS = 100;

  boolean isAlive() {
    return Files.exists(Path.of("/proc", Long.toString(pid)));
  }

  double cpuSeconds() throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
  }

  String memory() throws IOException {
    var lines = Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"));
    return "%s MiB (most %s MiB)".formatted(mebibytes(lines, "VmRSS:"), mebibytes(lines, "VmHWM:"));
  }

  private static long mebibytes(List<String> lines, String name) {
    String line = lines.stream().filter(one -> one.startsWith(name)).findFirst().orElseThrow();
    return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
  }

  static String load() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
  }
}
