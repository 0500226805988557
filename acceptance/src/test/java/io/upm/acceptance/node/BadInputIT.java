package io.upm.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What users get wrong: one clear sentence at admission or in a condition, and nothing is created.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("side-by-side")
class BadInputIT {
  private Cluster cluster;

  /**
   * One mistake in an otherwise good UnitSet.
   *
   * @param name what is wrong
   * @param from text of the good manifest
   * @param to what stands there instead
   * @param words what the sentence must say; compared without regard to case
   */
  record Mistake(String name, String from, String to, String... words) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  void makeNamespace() {
    cluster = Cluster.inNamespace("acceptance-bad-input");
    cluster.apply(Manifests.secret("bad-secret"));
    cluster.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: lacks-keys}
        data: {other: eA==}
        """);
    cluster.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: empty-password}
        data: {root: "", repl: "", mon: "", prov: ""}
        """);
  }

  @AfterAll
  void removeNamespace() {
    cluster.close();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void isRefusedOrReportedAndNothingIsCreated(Mistake mistake) {
    String good = good();
    assertThat(good).contains(mistake.from());

    String sentence = sentenceFor(good.replace(mistake.from(), mistake.to()));

    try {
      assertThat(sentence.toLowerCase(Locale.ROOT))
          .contains(Stream.of(mistake.words()).map(word -> word.toLowerCase(Locale.ROOT)).toList());
      assertThat(cluster.list("Unit")).isEmpty();
      assertThat(cluster.client.pods().inNamespace(cluster.namespace).list().getItems()).isEmpty();
      assertThat(
              cluster
                  .client
                  .persistentVolumeClaims()
                  .inNamespace(cluster.namespace)
                  .list()
                  .getItems())
          .isEmpty();
    } finally {
      for (var set : cluster.list("UnitSet")) {
        cluster.delete("UnitSet", set.getMetadata().getName());
      }
      cluster.await("sets gone", () -> cluster.list("UnitSet").isEmpty());
    }
  }

  /** The API server's answer, or the sentence in the condition. */
  private String sentenceFor(String manifest) {
    try {
      cluster.apply(manifest);
    } catch (KubernetesClientException e) {
      return String.valueOf(e.getMessage());
    }
    var sentence = new ArrayList<String>();
    cluster.await(
        "a condition that says what is wrong",
        () -> {
          sentence.clear();
          for (var set : cluster.list("UnitSet")) {
            if (Cluster.observed(set)
                && "False".equals(Cluster.condition(set, "Valid", "status"))) {
              sentence.add(Cluster.condition(set, "Valid", "message"));
            }
          }
          return !sentence.isEmpty();
        });
    return String.join("\n", sentence);
  }

  private static String good() {
    return Manifests.file(
        "unitset.yaml", "name", "bad", "version", "8.0.33", "units", "3", "mode", "rpl_semi_sync");
  }

  static List<Mistake> mistakes() {
    return List.of(
        new Mistake("unknown type", "type: mysql", "type: oracle", "type", "oracle"),
        new Mistake("empty type", "type: mysql", "type: \"\"", "type"),
        new Mistake("type in capitals", "type: mysql", "type: MySQL", "type", "MySQL"),
        new Mistake("no type", "  type: mysql\n", "", "type"),
        new Mistake(
            "unknown version", "version: \"8.0.33\"", "version: \"5.5.62\"", "version", "5.5.62"),
        new Mistake(
            "version of the future", "version: \"8.0.33\"", "version: \"99.1\"", "version", "99.1"),
        new Mistake("not a version", "version: \"8.0.33\"", "version: latest", "version", "latest"),
        new Mistake("empty version", "version: \"8.0.33\"", "version: \"\"", "version"),
        new Mistake("no version", "  version: \"8.0.33\"\n", "", "version"),
        new Mistake("units 0", "units: 3", "units: 0", "units", "1"),
        new Mistake("units -1", "units: 3", "units: -1", "units", "1"),
        new Mistake("units as text", "units: 3", "units: three", "units"),
        new Mistake("units missing", "  units: 3\n", "", "units"),
        new Mistake("units absurd", "units: 3", "units: 100000", "units"),
        new Mistake(
            "one unit for a replicated mode",
            "units: 3",
            "units: 1",
            "units",
            "rpl_semi_sync",
            "2"),
        new Mistake("size 10GB", "size: 2Gi", "size: 10GB", "size", "10GB"),
        new Mistake("size negative", "size: 2Gi", "size: -1Gi", "size", "-1Gi"),
        new Mistake("size zero", "size: 2Gi", "size: \"0\"", "size"),
        new Mistake("size empty", "size: 2Gi", "size: \"\"", "size"),
        new Mistake("size with a blank", "size: 2Gi", "size: 2 Gi", "size", "2 Gi"),
        new Mistake("emptyDir size in K", "size: 512Mi", "size: 512K", "size", "512K"),
        new Mistake(
            "mount path not absolute",
            "mountPath: /DATA_MOUNT",
            "mountPath: data",
            "mountPath",
            "data"),
        new Mistake(
            "mount path of the system",
            "mountPath: /DATA_MOUNT",
            "mountPath: /etc/upm/tls",
            "mountPath",
            "/etc/upm"),
        new Mistake(
            "mount path twice",
            "mountPath: /LOG_MOUNT",
            "mountPath: /DATA_MOUNT",
            "mountPath",
            "/DATA_MOUNT"),
        new Mistake("volume name twice", "{name: log,", "{name: data,", "name", "data"),
        new Mistake(
            "volume name in capitals", "{name: log,", "{name: Log_Volume,", "name", "Log_Volume"),
        new Mistake("data volume missing", "{name: data,", "{name: dates,", "data"),
        new Mistake(
            "missing Secret",
            "secret: {name: bad-secret,",
            "secret: {name: not-there,",
            "secret",
            "not-there"),
        new Mistake(
            "Secret without the keys",
            "secret: {name: bad-secret,",
            "secret: {name: lacks-keys,",
            "lacks-keys",
            "root"),
        new Mistake(
            "Secret with empty passwords",
            "secret: {name: bad-secret,",
            "secret: {name: empty-password,",
            "empty-password",
            "empty"),
        new Mistake(
            "Secret without a name",
            "secret: {name: bad-secret,",
            "secret: {name: \"\",",
            "secret",
            "name"),
        new Mistake(
            "no Secret at all",
            "  secret: {name: bad-secret, mountPath: /SECRET_MOUNT}\n",
            "",
            "secret"),
        new Mistake(
            "key for a user that the Secret lacks",
            "{name: REPL_USER, value: repl}",
            "{name: REPL_USER, value: somebody}",
            "bad-secret",
            "somebody"),
        new Mistake(
            "user name with a quote",
            "{name: ADM_USER, value: root}",
            "{name: ADM_USER, value: \"ro'ot\"}",
            "ADM_USER"),
        new Mistake(
            "environment name with a blank",
            "{name: MON_USER, value: mon}",
            "{name: \"MON USER\", value: mon}",
            "MON USER"),
        new Mistake(
            "environment name twice",
            "{name: MON_USER, value: mon}",
            "{name: ADM_USER, value: mon}",
            "ADM_USER"),
        new Mistake(
            "memory too small", "limits: {memory: 1Gi}", "limits: {memory: 64Mi}", "memory", "64"),
        new Mistake(
            "memory as a word", "limits: {memory: 1Gi}", "limits: {memory: lots}", "memory"),
        new Mistake(
            "requests above limits",
            "requests: {cpu: 100m, memory: 640Mi}",
            "requests: {cpu: 100m, memory: 4Gi}",
            "memory",
            "4Gi"),
        new Mistake(
            "mode that does not exist",
            "mode: rpl_semi_sync",
            "mode: rpl_magic",
            "mode",
            "rpl_magic",
            "rpl_async"),
        new Mistake(
            "mode of another engine", "mode: rpl_semi_sync", "mode: sentinel", "mode", "sentinel"),
        new Mistake("empty mode", "mode: rpl_semi_sync", "mode: \"\"", "mode"),
        new Mistake(
            "service type",
            "externalService: {type: ClusterIP}",
            "externalService: {type: Public}",
            "type",
            "Public"),
        new Mistake(
            "unit service type",
            "unitService: {type: ClusterIP}",
            "unitService: {type: ExternalName}",
            "type",
            "ExternalName"),
        new Mistake(
            "unknown field",
            "  edition: community\n",
            "  edition: community\n  replicas: 3\n",
            "replicas"),
        new Mistake(
            "unknown parameter",
            "  edition: community\n",
            "  edition: community\n  parameters: {max_conections: \"10\"}\n",
            "max_conections"),
        new Mistake(
            "parameter out of range",
            "  edition: community\n",
            "  edition: community\n  parameters: {max_connections: \"-5\"}\n",
            "max_connections",
            "-5"),
        new Mistake(
            "parameter of the wrong type",
            "  edition: community\n",
            "  edition: community\n  parameters: {max_connections: many}\n",
            "max_connections",
            "many"),
        new Mistake(
            "parameter that would break out of its line",
            "  edition: community\n",
            "  edition: community\n  parameters: {init_connect: \"a\\nskip-grant-tables\"}\n",
            "init_connect"),
        new Mistake(
            "update strategy",
            "  edition: community\n",
            "  edition: community\n  updateStrategy: {type: Sometimes}\n",
            "Sometimes"),
        new Mistake(
            "anti-affinity",
            "  edition: community\n",
            "  edition: community\n  podAntiAffinityPreset: firm\n",
            "firm"),
        new Mistake(
            "name too long",
            "metadata:\n  name: bad",
            "metadata:\n  name: " + "b".repeat(60),
            "name",
            "characters"),
        new Mistake(
            "retention policy",
            "  edition: community\n",
            "  edition: community\n  persistentVolumeClaimRetentionPolicy: {whenDeleted: Burn}\n",
            "Burn"));
  }

  @Test
  void badEditOfARunningSetChangesNothingAndRevertingHeals() {
    String good =
        Manifests.file(
                "unitset.yaml",
                "name",
                "edited",
                "version",
                "8.0.33",
                "units",
                "1",
                "mode",
                "rpl_async")
            .replace("  topology:\n    mode: rpl_async\n", "");
    cluster.apply(Manifests.secret("edited-secret"));
    cluster.apply(good);
    try {
      cluster.awaitReady("edited", 1);
      String uid = cluster.pod("edited-0").orElseThrow().getMetadata().getUid();

      cluster.apply(good.replace("secret: {name: edited-secret,", "secret: {name: gone-secret,"));
      cluster.await(
          "the mistake is reported",
          () -> {
            var set = cluster.find("UnitSet", "edited").orElseThrow();
            return Cluster.condition(set, "Valid", "message").contains("gone-secret");
          });
      assertThat(cluster.pod("edited-0").orElseThrow().getMetadata().getUid()).isEqualTo(uid);

      cluster.apply(good);
      cluster.awaitReady("edited", 1);
      cluster.await(
          "the condition is gone",
          () ->
              "True"
                  .equals(
                      Cluster.condition(
                          cluster.find("UnitSet", "edited").orElseThrow(), "Valid", "status")));
      assertThat(cluster.pod("edited-0").orElseThrow().getMetadata().getUid()).isEqualTo(uid);
    } finally {
      cluster.delete("UnitSet", "edited");
      cluster.await("Pod gone", () -> cluster.pod("edited-0").isEmpty());
      cluster.client.persistentVolumeClaims().inNamespace(cluster.namespace).delete();
      cluster.await(
          "volumes gone",
          () ->
              cluster
                  .client
                  .persistentVolumeClaims()
                  .inNamespace(cluster.namespace)
                  .list()
                  .getItems()
                  .isEmpty());
    }
  }
}
