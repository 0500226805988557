package io.upm.runtime.validation;

import static io.upm.runtime.validation.BadSets.bad;

import io.upm.runtime.validation.BadSets.Row;
import java.util.stream.Stream;

/** Mistakes about volumes and Secrets. */
final class BadVolumes {
  private BadVolumes() {}

  static Stream<Row> badStorages() {
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

  static Stream<Row> badOtherVolumes() {
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

  static Stream<Row> badSecrets() {
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
}
