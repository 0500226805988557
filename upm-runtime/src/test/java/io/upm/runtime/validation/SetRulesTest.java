package io.upm.runtime.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.runtime.api.UnitSet;
import io.upm.runtime.testing.AcmeEngine;
import io.upm.runtime.testing.Manifests;
import io.upm.runtime.unitset.SetValidation;
import io.upm.spi.Problem;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each bad spec gets one sentence with field, value and what is allowed. */
class SetRulesTest {
  private static final Map<String, Set<String>> SECRETS =
      Map.of(
          "db-secret", Set.of("boss", "root", "replication"),
          "empty", Set.of(),
          "cipher", Set.of("AES_SECRET_KEY"),
          "tls", Set.of("tls.crt", "tls.key"));

  private static Arguments bad(String field, String value, String allowed, String... changes) {
    return Arguments.of(Arrays.asList(changes), field, value, allowed);
  }

  static Stream<Arguments> badNamesAndNumbers() {
    String name51 = "a".repeat(51);
    return Stream.of(
        bad("metadata.name", "1db", "a letter", "metadata/name='1db'"),
        bad("metadata.name", "db.x", "a letter", "metadata/name=db.x"),
        bad("metadata.name", "Db", "a letter", "metadata/name=Db"),
        bad("metadata.name", "db-", "a letter", "metadata/name=db-"),
        bad("metadata.name", name51, "at most 50", "metadata/name=" + name51),
        bad("spec.units", "0", "from 1 to 999", "spec/units=0"),
        bad("spec.units", "-1", "from 1 to 999", "spec/units=-1"),
        bad("spec.units", "1000", "from 1 to 999", "spec/units=1000"),
        bad("spec.units", "0", "from 1", "spec/units="));
  }

  static Stream<Arguments> badEngines() {
    return Stream.of(
        bad("spec.type", "oracle", "one of acme", "spec/type=oracle"),
        bad("spec.type", "", "one of acme", "spec/type=''"),
        bad("spec.version", "3.0", "1.x (from 1.0 to before 2.0)", "spec/version='3.0'"),
        bad("spec.version", "0.9.1", "a version of ACME", "spec/version='0.9.1'"),
        bad("spec.version", "latest", "a version of ACME", "spec/version=latest"),
        bad("spec.version", "", "a version of ACME", "spec/version=''"),
        bad("spec.edition", "Enter prise", "lower-case", "spec/edition=Enter prise"),
        bad("spec.edition", "../x", "lower-case", "spec/edition=../x"),
        bad(
            "spec.topology.mode",
            "ring",
            "one of single, pair, quorum",
            "spec/topology={mode: ring}"),
        bad("spec.topology.mode", "single", "a topology to manage", "spec/topology={mode: single}"),
        bad(
            "spec.units",
            "1",
            "at least 2 for the mode \"pair\"",
            "spec/topology={mode: pair}",
            "spec/units=1"),
        bad(
            "spec.env.ARCH_MODE",
            "ring",
            "one of single, pair, quorum",
            "spec/env/+={name: ARCH_MODE, value: ring}"),
        bad(
            "spec.env.ARCH_MODE",
            "quorum",
            "the same as spec.topology.mode",
            "spec/topology={mode: pair}",
            "spec/env/+={name: ARCH_MODE, value: quorum}"));
  }

  static Stream<Arguments> badParameters() {
    return Stream.of(
        bad("spec.parameters", "max_linkz", "a parameter of", "spec/parameters={max_linkz: 1}"),
        bad("spec.parameters.max_links", "0", "1 to 1000", "spec/parameters={max_links: 0}"),
        bad(
            "spec.parameters.max_links",
            "many",
            "whole number",
            "spec/parameters={max_links: many}"),
        bad("spec.parameters.buffer", "10GB", "bytes", "spec/parameters={buffer: 10GB}"),
        bad("spec.parameters.buffer", "1", "from", "spec/parameters={buffer: 1}"),
        bad("spec.parameters.verbose", "maybe", "ON or OFF", "spec/parameters={verbose: maybe}"),
        bad(
            "spec.parameters.checks",
            "LOOSE",
            "OFF, ON, STRICT",
            "spec/parameters={checks: LOOSE}"),
        bad("spec.parameters.checks", "[1]", "text, a number", "spec/parameters={checks: [1]}"),
        bad("spec.parameters.checks", "{}", "text, a number", "spec/parameters={checks: {}}"));
  }

  static Stream<Arguments> badResources() {
    String limits = "spec/resources/limits";
    return Stream.of(
        bad(limits("memory"), "4GB", "Mi, Gi", limits + "/memory=4GB"),
        bad(limits("memory"), "0", "Mi, Gi", limits + "/memory='0'"),
        bad(limits("memory"), "500m", "Mi, Gi", limits + "/memory=500m"),
        bad(limits("cpu"), "two", "cores", limits + "/cpu=two"),
        bad(limits("cpu"), "0", "cores", limits + "/cpu='0'"),
        bad("spec.resources.limits", "gpu", "one of cpu", limits + "/gpu='1'"),
        bad(
            limits("memory"),
            "128Mi",
            "at least 256Mi",
            limits + "/memory=128Mi",
            "spec/resources/requests="),
        bad(limits("cpu"), "50m", "at least 100m", limits + "/cpu=50m", "spec/resources/requests="),
        bad(
            "spec.resources.requests.memory",
            "8Gi",
            "at most the limit, 4Gi",
            "spec/resources/requests/memory=8Gi"),
        bad(
            "spec.resources.requests.cpu",
            "2500m",
            "at most the limit, 2",
            "spec/resources/requests/cpu=2500m"),
        bad(
            limits("memory"),
            "300Mi",
            "at least 512Mi for this configuration",
            limits + "/memory=300Mi",
            "spec/resources/requests="));
  }

  private static String limits(String name) {
    return "spec.resources.limits." + name;
  }

  static Stream<Arguments> badEnvironment() {
    return Stream.of(
        bad("spec.env.name", "1X", "not a digit first", "spec/env/+={name: 1X, value: a}"),
        bad("spec.env.name", "A B", "letters", "spec/env/+={name: A B, value: a}"),
        bad("spec.env.name", "", "letters", "spec/env/+={value: a}"),
        bad("spec.env.name", "UPM_DATA_DIR", "UPM_", "spec/env/+={name: UPM_DATA_DIR, value: /x}"),
        bad("spec.env.name", "ADM_USER", "each name once", "spec/env/+={name: ADM_USER, value: x}"),
        bad(
            "spec.env.X",
            "a",
            "either value or valueFrom",
            "spec/env/+={name: X, value: a, valueFrom: {fieldRef: {fieldPath: metadata.name}}}"),
        bad("spec.env.ADM_USER", "../../etc", "user name", "spec/env/0/value=../../etc"),
        bad("spec.env.ADM_USER", "a b", "user name", "spec/env/0/value=a b"),
        bad("spec.env.ADM_USER", "replication", "no other account", "spec/env/0/value=replication"),
        bad(
            "spec.env.MON_USER",
            "valueFrom",
            "a plain value",
            "spec/env/+={name: MON_USER, valueFrom: {fieldRef: {fieldPath: metadata.name}}}"));
  }

  static Stream<Arguments> badStorages() {
    String first = "spec/storages/0";
    return Stream.of(
        bad("spec.storages.data.size", "10GB", "10Gi", first + "/size=10GB"),
        bad("spec.storages.data.size", "0", "10Gi", first + "/size='0'"),
        bad("spec.storages.data.size", "-1Gi", "10Gi", first + "/size=-1Gi"),
        bad("spec.storages.data.size", "ten", "10Gi", first + "/size=ten"),
        bad("spec.storages.data.size", "10K", "10Gi", first + "/size=10K"),
        bad("spec.storages.data.size", "500m", "10Gi", first + "/size=500m"),
        bad("spec.storages.data.size", "8Gi", "at least 9Gi", first + "/size=8Gi"),
        bad("spec.storages.data.mountPath", "data", "an absolute path", first + "/mountPath=data"),
        bad("spec.storages.data.mountPath", "/", "an absolute path", first + "/mountPath=/"),
        bad("spec.storages.data.mountPath", "/a/../b", "without", first + "/mountPath=/a/../b"),
        bad(
            "spec.storages.data.mountPath",
            "/a:b",
            "an absolute path",
            first + "/mountPath='/a:b'"),
        bad("spec.storages.data.mountPath", "/d/", "at its end", first + "/mountPath=/d/"),
        bad("spec.storages.data.mountPath", "/opt/upm", "taken", first + "/mountPath=/opt/upm"),
        bad("spec.storages.data.mountPath", "/opt", "taken", first + "/mountPath=/opt"),
        bad("spec.storages.data.mountPath", "/usr", "taken", first + "/mountPath=/usr"),
        bad("spec.storages.data.mountPath", "/proc/x", "taken", first + "/mountPath=/proc/x"),
        bad("spec.storages.name", "Log", "lower-case", storage("Log", "/L")),
        bad("spec.storages.name", "data", "each name once", storage("data", "/D2")),
        bad("spec.storages.name", "upm-tls", "another name", storage("upm-tls", "/T")),
        bad("spec.storages.name", "secret", "another name", storage("secret", "/T")),
        bad(
            "spec.storages.log.mountPath",
            "/DATA_MOUNT/log",
            "apart from that of spec.storages.data",
            storage("log", "/DATA_MOUNT/log")),
        bad(
            "spec.storages",
            "",
            "needs a storage (or an emptyDir) named \"data\"",
            "spec/storages="),
        bad("spec.storages", "", "named \"data\"; there is daten", "spec/storages/0/name=daten"));
  }

  private static String storage(String name, String path) {
    return "spec/storages/+={name: %s, mountPath: %s, size: 1Gi}".formatted(name, path);
  }

  static Stream<Arguments> badOtherVolumes() {
    return Stream.of(
        bad(
            "spec.emptyDir.log.size",
            "5GB",
            "10Gi",
            "spec/emptyDir=[{name: log, mountPath: /LOG, size: 5GB}]"),
        bad(
            "spec.emptyDir.name",
            "data",
            "each name once",
            "spec/emptyDir=[{name: data, mountPath: /LOG}]"),
        bad(
            "spec.emptyDir.log.mountPath",
            "/DATA_MOUNT",
            "apart",
            "spec/emptyDir=[{name: log, mountPath: /DATA_MOUNT}]"),
        bad(
            "spec.extraVolume.volume.name",
            "",
            "lower-case",
            "spec/extraVolume=[{volume: {emptyDir: {}}, volumeMountPath: /X}]"),
        bad(
            "spec.extraVolume.x.volume",
            "0 sources",
            "exactly one source",
            "spec/extraVolume=[{volume: {name: x}, volumeMountPath: /X}]"),
        bad(
            "spec.extraVolume.x.volume",
            "2 sources",
            "exactly one source",
            "spec/extraVolume=[{volume: {name: x, emptyDir: {}, hostPath: {path: /}},"
                + " volumeMountPath: /X}]"),
        bad(
            "spec.extraVolume.x.volumeMountPath",
            "/tmp/x",
            "taken",
            "spec/extraVolume=[{volume: {name: x, emptyDir: {}}, volumeMountPath: /tmp/x}]"),
        bad(
            "spec.secret.mountPath",
            "/DATA_MOUNT/secret",
            "apart",
            "spec/secret/mountPath=/DATA_MOUNT/secret"),
        bad("spec.secret.mountPath", "/etc/upm/x", "taken", "spec/secret/mountPath=/etc/upm/x"));
  }

  static Stream<Arguments> badSecrets() {
    return Stream.of(
        bad("spec.secret", "", "passwords of boss, replication", "spec/secret="),
        bad("spec.secret.name", "gone", "there is none", "spec/secret/name=gone"),
        bad("spec.secret.name", "Bad_Name", "the name of a Secret", "spec/secret/name=Bad_Name"),
        bad(
            "spec.secret.name",
            "empty",
            "the keys \"boss\", \"replication\"",
            "spec/secret/name=empty"),
        bad("spec.secret.name", "db-secret", "the key \"chief\"", "spec/env/0/value=chief"),
        bad(
            "spec.secret.cipher.name",
            "gone",
            "the key \"K\"; there is none",
            "spec/secret/cipher={name: gone, key: K}"),
        bad(
            "spec.secret.cipher.name",
            "cipher",
            "the key \"K\", which it lacks",
            "spec/secret/cipher={name: cipher, key: K}"),
        bad(
            "spec.certificateSecret.name",
            "gone",
            "there is none",
            "spec/certificateSecret={name: gone}"));
  }

  static Stream<Arguments> badPlacement() {
    return Stream.of(
        bad(
            "spec.nodeAffinityPreset.key",
            "a b",
            "DNS prefix",
            "spec/nodeAffinityPreset=[{key: a b, values: [x]}]"),
        bad(
            "spec.nodeAffinityPreset.disk.values",
            "",
            "at least one value",
            "spec/nodeAffinityPreset=[{key: disk, values: []}]"),
        bad(
            "spec.nodeAffinityPreset.disk.values",
            "s s d",
            "a label value",
            "spec/nodeAffinityPreset=[{key: disk, values: [s s d]}]"),
        bad(
            "spec.updateStrategy.rollingUpdate.maxUnavailable",
            "0",
            "at least 1",
            "spec/updateStrategy={rollingUpdate: {maxUnavailable: 0}}"),
        bad(
            "spec.updateStrategy.rollingUpdate.partition",
            "-1",
            "0, or the number",
            "spec/updateStrategy={rollingUpdate: {partition: -1}}"),
        bad(
            "spec.externalService.annotations",
            "a b",
            "DNS prefix",
            "spec/externalService={annotations: {a b: c}}"),
        bad(
            "metadata.annotations.upm.io/node-name-map",
            "db-0=n1",
            "a JSON object",
            "metadata/annotations={'upm.io/node-name-map': db-0=n1}"),
        bad(
            "metadata.annotations.upm.io/node-name-map",
            "[]",
            "a JSON object",
            "metadata/annotations={'upm.io/node-name-map': '[]'}"),
        bad(
            "metadata.annotations.upm.io/node-name-map.db-0",
            "1",
            "the name of a node",
            "metadata/annotations={'upm.io/node-name-map': '{\"db-0\":1}'}"));
  }

  @ParameterizedTest(name = "{1}: {2}")
  @MethodSource({
    "badNamesAndNumbers",
    "badEngines",
    "badParameters",
    "badResources",
    "badEnvironment",
    "badStorages",
    "badOtherVolumes",
    "badSecrets",
    "badPlacement"
  })
  void tellsFieldValueAndWhatIsAllowed(
      List<String> changes, String field, String value, String allowed) {
    List<Problem> problems = check(changes.toArray(String[]::new));

    assertThat(problems)
        .anySatisfy(problem -> {
          assertThat(problem.field()).isEqualTo(field);
          assertThat(problem.value()).isEqualTo(value);
          assertThat(problem.allowed()).contains(allowed);
        });
    assertThat(problems).as("no problem is told twice").doesNotHaveDuplicates();
    assertThat(problems)
        .allSatisfy(problem -> assertThat(problem.sentence()).doesNotContain("\n", "null"));
  }

  static Stream<List<String>> fine() {
    return Stream.of(
        List.of(),
        List.of("spec/units=1"),
        List.of("spec/units=999"),
        List.of("spec/version='2.9.9'"),
        List.of("spec/version='1.2.3-7'"),
        List.of("spec/edition=community"),
        List.of("spec/edition=''"),
        List.of("spec/resources="),
        List.of("spec/resources={limits: {memory: 1024Mi}}"),
        List.of("spec/topology={mode: pair}"),
        List.of("spec/topology={mode: pair, service: {type: NodePort}}"),
        List.of("spec/env/+={name: ARCH_MODE, value: pair}", "spec/units=1"),
        List.of("spec/env/+={name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}"),
        List.of("spec/parameters={max_links: 10, buffer: 64M, verbose: true, checks: true}"),
        List.of("spec/parameters={checks: 'STRICT', verbose: 'OFF'}"),
        List.of("spec/storages=", "spec/emptyDir=[{name: data, mountPath: /DATA_MOUNT}]"),
        List.of("spec/emptyDir=[{name: log, mountPath: /LOG_MOUNT, size: 5Gi}]"),
        List.of("spec/storages/0/size=1.5Ti"),
        List.of("spec/secret/cipher={name: cipher, key: AES_SECRET_KEY}"),
        List.of("spec/certificateSecret={name: tls, organization: My Company}"),
        List.of("spec/podAntiAffinityPreset=hard"),
        List.of("spec/nodeAffinityPreset=[{key: kubernetes.io/arch, values: [amd64]}]"),
        List.of(
            "spec/externalService={type: LoadBalancer, annotations:"
                + " {service.beta.kubernetes.io/aws-load-balancer-type: nlb}}"),
        List.of("spec/updateStrategy={type: RollingUpdate, rollingUpdate: {maxUnavailable: 3}}"),
        List.of(
            "metadata/annotations={'upm.io/node-name-map':"
                + " '{\"db-0\":\"node-a\",\"db-1\":\"noneSet\"}'}"),
        List.of(
            "spec/extraVolume=[{volume: {name: x, configMap: {name: c}}, volumeMountPath: /X}]"));
  }

  @ParameterizedTest
  @MethodSource("fine")
  void findsNothingWrongWithWhatIsAllowed(List<String> changes) {
    assertThat(check(changes.toArray(String[]::new))).isEmpty();
  }

  @Test
  void tellsAllProblemsAtOnce() {
    List<Problem> problems =
        check(
            "spec/units=0", "spec/version='9'", "spec/storages/0/size=10GB", "spec/secret/name=no");

    assertThat(problems)
        .extracting(Problem::field)
        .contains("spec.units", "spec.version", "spec.storages.data.size", "spec.secret.name");
  }

  @Test
  void saysThatNoPluginIsInstalled() {
    UnitSet set = Manifests.set();
    var subject =
        new SetSubject(
            "db",
            Map.of(),
            set.getSpec(),
            List.of(),
            Optional.empty(),
            SetSubject.Surroundings.UNKNOWN);

    assertThat(SetRules.check(subject))
        .extracting(Problem::sentence)
        .containsExactly("spec.type: \"acme\" is not allowed: no plugin is installed");
  }

  @Test
  void leavesSecretsToTheReconcilerWhenNobodyLooked() {
    UnitSet set = Manifests.set("spec/secret/name=not-there-yet");

    assertThat(problems(set, SetSubject.Surroundings.UNKNOWN)).isEmpty();
  }

  private static List<Problem> check(String... changes) {
    return problems(
        Manifests.set(changes),
        new SetSubject.Surroundings(Optional.of(SECRETS), Map.of("data", "9Gi")));
  }

  private static List<Problem> problems(UnitSet set, SetSubject.Surroundings surroundings) {
    var engine = new AcmeEngine();
    Map<String, String> annotations = set.getMetadata().getAnnotations();
    var subject =
        new SetSubject(
            set.getMetadata().getName(),
            annotations == null ? Map.of() : annotations,
            set.getSpec(),
            List.of("acme"),
            engine.find(set.getSpec().type()),
            surroundings);
    return switch (SetValidation.judge(set, subject, new TreeMap<>())) {
      case SetValidation.Verdict.Wrong wrong -> wrong.problems();
      case SetValidation.Verdict.Fine fine -> List.of();
    };
  }
}
