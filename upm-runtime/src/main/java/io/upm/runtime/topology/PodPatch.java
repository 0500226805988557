package io.upm.runtime.topology;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Patches of Pods. A merge patch, not server-side apply: labels that another field manager set,
 * such as the Go system's, must go too.
 */
final class PodPatch {
  private PodPatch() {}

  /**
   * A merge patch that sets labels of one Pod and no other of the same name.
   *
   * @param labels null removes one
   */
  static String labels(String uid, Map<String, @Nullable String> labels) {
    var metadata = JsonNodeFactory.instance.objectNode().put("uid", uid);
    labels.forEach(metadata.putObject("labels")::put);
    return JsonNodeFactory.instance.objectNode().set("metadata", metadata).toString();
  }
}
