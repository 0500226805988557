package io.upm.runtime.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Stream;

/** Units and Projects with one mistake each, and good ones. */
public final class BadObjects {
  private static final String UNIT =
      """
      apiVersion: upm.syntropycloud.io/v1alpha2
      kind: Unit
      metadata: {name: solo-0, namespace: demo}
      spec:
        template:
          spec:
            containers:
              - name: acme
                image: acme:1.2.3
                volumeMounts: [{name: data, mountPath: /DATA_MOUNT}]
            volumes: [{name: data, persistentVolumeClaim: {claimName: solo-0-data}}]
        volumeClaimTemplates:
          - metadata: {name: data}
            spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
      """;
  private static final String PROJECT =
      """
      apiVersion: upm.syntropycloud.io/v1alpha2
      kind: Project
      metadata: {name: team-a}
      spec:
        ca: {enabled: true, commonName: Team A, secretName: team-a-ca}
      """;
  private static final String CONTAINER = "spec/template/spec/containers/0";

  private BadObjects() {}

  /**
   * One object.
   *
   * @param words what must be said about it
   */
  public record Row(String plural, String name, ObjectNode tree, List<String> words) {
    @Override
    public String toString() {
      return plural + ": " + name;
    }
  }

  /** Those that must be refused. */
  public static Stream<Row> all() {
    return Stream.concat(units(), projects());
  }

  /** Those that must not. */
  public static Stream<Row> fine() {
    return Stream.of(
        unit(),
        unit("spec/unbindNode=true", "spec/startup=false"),
        unit("metadata/annotations={upm.io/plugin-version: '1.0.0'}"),
        unit("spec/parameters={max_links: 7}"),
        project(),
        project("spec="),
        project("spec={}"),
        project("spec/ca={enabled: false}"),
        project("spec/ca/privateKey={algorithm: Ed25519}"),
        project("spec/ca/privateKey={algorithm: ECDSA, size: 384}"),
        project("spec/ca/duration=8760h", "spec/ca/renewBefore=30m"),
        project("metadata/name=" + "p".repeat(63)));
  }

  private static Stream<Row> units() {
    String name64 = "u".repeat(64);
    return Stream.of(
        bad(unit("metadata/name=" + name64), "metadata.name", "63"),
        bad(unit("metadata/name=a.b"), "metadata.name"),
        bad(unit("metadata/name=A"), "metadata.name"),
        bad(unit("spec/template="), "spec.template"),
        bad(unit("spec/template/spec/containers=[]"), "spec.template.spec.containers"),
        bad(unit(CONTAINER + "/name=oracle"), "containers.name", "oracle", "acme"),
        bad(unit(CONTAINER + "/image='acme:9.9'"), "9.9", "a version of ACME"),
        bad(unit(CONTAINER + "/image=acme"), "a version of ACME"),
        bad(unit(CONTAINER + "/volumeMounts="), "volumeMounts", "a volume named \"data\""),
        bad(unit("spec/parameters={max_links: 0}"), "spec.parameters.max_links", "1 to 1000"),
        bad(unit("spec/parameters={nothing: 1}"), "spec.parameters", "nothing"),
        bad(
            unit("spec/parameters={max_links: [1]}"),
            "spec.parameters.max_links",
            "text, a number"),
        bad(unit("spec/startup=perhaps"), "spec.startup"),
        bad(unit("spec/podUpdatePolicy=Never"), "spec.podUpdatePolicy", "Never", "OnDelete"),
        bad(unit("spec/volumeClaimRetention=Keep"), "spec.volumeClaimRetention", "Keep", "Retain"),
        bad(unit("spec/volumeClaimTemplates/0/metadata="), "spec.volumeClaimTemplates[0].metadata"),
        bad(
            unit(
                "spec/volumeClaimTemplates/+={metadata: {name: data}, spec: {accessModes:"
                    + " [ReadWriteOnce]}}"),
            "spec.volumeClaimTemplates",
            "each name of a volume claim once"),
        bad(
            unit("metadata/annotations={upm.io/plugin-version: '7.7'}"),
            "upm.io/plugin-version",
            "7.7",
            "that is there: 1.0.0"),
        bad(unit("spec/sartup=true"), "spec.sartup"));
  }

  private static Stream<Row> projects() {
    String name64 = "p".repeat(64);
    return Stream.of(
        bad(project("metadata/name=" + name64), "metadata.name", "63"),
        bad(project("metadata/name=a.b"), "metadata.name", "namespace"),
        bad(project("metadata/name=kube-system"), "metadata.name", "kube-"),
        bad(project("spec/ca/commonName="), "spec.ca.commonName"),
        bad(project("spec/ca/commonName=''"), "spec.ca.commonName"),
        bad(project("spec/ca/commonName=' '"), "spec.ca.commonName", "1 to 64"),
        bad(project("spec/ca/commonName=" + "c".repeat(65)), "spec.ca.commonName", "64"),
        bad(project("spec/ca/secretName="), "spec.ca.secretName"),
        bad(project("spec/ca/secretName=A"), "spec.ca.secretName", "A"),
        bad(project("spec/ca/secretName=aes-secret-key"), "spec.ca.secretName", "key"),
        bad(project("spec/ca/enabled=maybe"), "spec.ca.enabled"),
        bad(project("spec/ca/duration=10y"), "spec.ca.duration", "10y"),
        bad(project("spec/ca/duration=59m"), "spec.ca.duration", "59m", "at least 60 minutes"),
        bad(project("spec/ca/renewBefore=soon"), "spec.ca.renewBefore", "soon"),
        bad(project("spec/ca/renewBefore=1m"), "spec.ca.renewBefore", "1m", "at least 5 minutes"),
        bad(
            project("spec/ca/duration=10h", "spec/ca/renewBefore=10h"),
            "spec.ca.renewBefore",
            "less than spec.ca.duration, 10h"),
        bad(project("spec/ca/duration=10h"), "spec.ca.renewBefore", "2160h", "10h"),
        bad(project("spec/ca/privateKey={algorithm: DSA}"), "privateKey.algorithm", "DSA", "RSA"),
        bad(project("spec/ca/privateKey={size: 1024}"), "privateKey.size", "2048"),
        bad(project("spec/ca/privateKey={algorithm: ECDSA, size: 2048}"), "size", "256"),
        bad(project("spec/ca/privateKey={algorithm: Ed25519, size: 256}"), "size", "Ed25519"),
        bad(project("spec/ca/privateKey={size: 0}"), "privateKey.size"),
        bad(project("spec/cca={enabled: true}"), "spec.cca"));
  }

  private static Row bad(Row row, String... words) {
    return new Row(row.plural(), row.name(), row.tree(), List.of(words));
  }

  private static Row unit(String... changes) {
    return new Row("units", String.join(", ", changes), Manifests.tree(UNIT, changes), List.of());
  }

  private static Row project(String... changes) {
    return new Row(
        "projects", String.join(", ", changes), Manifests.tree(PROJECT, changes), List.of());
  }
}
