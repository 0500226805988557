package io.upm.runtime.validation;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * UnitSets with one mistake each: what is changed in {@link io.upm.runtime.testing.Manifests#SET},
 * and what is to be said about it. Judged by the rules alone, and by a real API server.
 */
public final class BadSets {
  /**
   * One mistake.
   *
   * @param changes as in {@link io.upm.runtime.testing.Manifests#set}
   * @param field field that the sentence names
   * @param value value that it names
   * @param allowed part of what it says is allowed
   */
  public record Row(List<String> changes, String field, String value, String allowed) {
    /** Whether only who sees Secrets or running units can tell. */
    public boolean isAboutSurroundings() {
      return isAboutUnits()
          || allowed.contains("there is none")
          || allowed.contains("lacks")
          || allowed.startsWith("the key");
    }

    /** Whether it is wrong only because of what running units have. */
    public boolean isAboutUnits() {
      return allowed.contains("9Gi");
    }

    @Override
    public String toString() {
      return field + ": " + value;
    }
  }

  private BadSets() {}

  static Row bad(String field, String value, String allowed, String... changes) {
    return new Row(Arrays.asList(changes), field, value, allowed);
  }

  /** All of them. */
  public static Stream<Row> all() {
    return Stream.of(
            badNamesAndNumbers(),
            badEngines(),
            badParameters(),
            badResources(),
            badEnvironment(),
            BadVolumes.badStorages(),
            BadVolumes.badOtherVolumes(),
            BadVolumes.badSecrets(),
            badPlacement(),
            BadExtras.badRestores(),
            BadExtras.badServices(),
            BadExtras.badPods(),
            BadExtras.badCertificates(),
            BadExtras.badMonitors())
        .flatMap(rows -> rows);
  }

  static Stream<Row> badNamesAndNumbers() {
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

  static Stream<Row> badEngines() {
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

  static Stream<Row> badParameters() {
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

  static Stream<Row> badResources() {
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

  static Stream<Row> badEnvironment() {
    return Stream.of(
        bad("spec.env.name", "1X", "not a digit first", "spec/env/+={name: 1X, value: a}"),
        bad("spec.env.name", "A B", "letters", "spec/env/+={name: A B, value: a}"),
        bad("spec.env.name", "", "letters", "spec/env/+={value: a}"),
        bad(
            "spec.env.UPM_LOG_FORMAT",
            "yaml",
            "json or raw",
            "spec/env/+={name: UPM_LOG_FORMAT, value: yaml}"),
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

  static Stream<Row> badPlacement() {
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
}
