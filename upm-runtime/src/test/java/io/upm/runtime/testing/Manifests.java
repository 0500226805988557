package io.upm.runtime.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Objects out of YAML, with changes. */
public final class Manifests {
  public static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();
  private static final YAMLMapper YAML = new YAMLMapper();

  /** A set that can be carried out. */
  public static final String SET =
      """
      apiVersion: upm.syntropycloud.io/v1alpha2
      kind: UnitSet
      metadata:
        name: db
        namespace: demo
        uid: set-uid
        generation: 1
        labels:
          upm.api/service-group.name: grp
      spec:
        type: acme
        version: "1.2.3"
        units: 3
        resources:
          limits: {cpu: "2", memory: 4Gi}
          requests: {cpu: "1", memory: 2Gi}
        storages:
          - {name: data, mountPath: /DATA_MOUNT, size: 10Gi, storageClassName: standard}
        secret: {name: db-secret, mountPath: /SECRET_MOUNT}
        env:
          - {name: ADM_USER, value: boss}
      """;

  private Manifests() {}

  /**
   * The set with changes, each as {@code path=JSON}; the path with slashes, {@code path=} removes.
   */
  public static UnitSet set(String... changes) {
    return SERIALIZATION.convertValue(tree(SET, changes), UnitSet.class);
  }

  public static UnitSet setFrom(JsonNode tree) {
    return SERIALIZATION.convertValue(tree, UnitSet.class);
  }

  public static Unit unit(String yaml, String... changes) {
    return SERIALIZATION.convertValue(tree(yaml, changes), Unit.class);
  }

  public static ObjectNode tree(String yaml, String... changes) {
    try {
      ObjectNode root = (ObjectNode) YAML.readTree(yaml);
      for (String change : changes) {
        int split = change.indexOf('=');
        apply(root, change.substring(0, split), change.substring(split + 1));
      }
      return root;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void apply(ObjectNode root, String path, String value) throws IOException {
    String[] names = path.split("/", -1);
    JsonNode at = root;
    for (int i = 0; i < names.length - 1; i++) {
      JsonNode next =
          at instanceof ArrayNode list ? list.get(Integer.parseInt(names[i])) : at.get(names[i]);
      at = next == null ? ((ObjectNode) at).putObject(names[i]) : next;
    }
    String last = names[names.length - 1];
    JsonNode parsed = value.isEmpty() ? null : YAML.readTree(value);
    if (at instanceof ArrayNode list) {
      if (last.equals("+")) {
        list.add(parsed);
      } else {
        list.set(Integer.parseInt(last), parsed);
      }
    } else if (parsed == null) {
      ((ObjectNode) at).remove(last);
    } else {
      ((ObjectNode) at).set(last, parsed);
    }
  }
}
