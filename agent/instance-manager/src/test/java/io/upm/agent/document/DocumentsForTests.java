package io.upm.agent.document;

import io.upm.host.document.InstanceDocument;
import java.util.List;
import java.util.Map;

/** Instance documents that differ in what a test is about. */
public final class DocumentsForTests {
  private DocumentsForTests() {}

  public static InstanceDocument document(long revision, String unit) {
    return withMounts(revision, unit, Map.of("data", "/data"));
  }

  public static InstanceDocument withMounts(
      long revision, String unit, Map<String, String> mounts) {
    return new InstanceDocument(
        revision,
        "testengine",
        "1.0",
        "",
        true,
        false,
        new InstanceDocument.Identity("space", "demo", unit, 0, unit),
        new InstanceDocument.Limits(0, 0),
        mounts,
        Map.of(),
        Map.of(),
        List.of(),
        Map.of(),
        "",
        "",
        null);
  }

  public static InstanceDocument withSecrets(String secretPath, String cipherPath) {
    InstanceDocument plain = document(1, "demo-0");
    return new InstanceDocument(
        plain.revision(),
        plain.engine(),
        plain.version(),
        plain.mode(),
        plain.running(),
        plain.awaitsRestore(),
        plain.identity(),
        plain.limits(),
        plain.mounts(),
        plain.settings(),
        plain.ports(),
        plain.peers(),
        plain.parameters(),
        secretPath,
        cipherPath,
        null);
  }
}
