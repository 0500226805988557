package io.upm.agent.hostile;

import io.upm.agent.container.Pod;
import io.upm.agent.protocol.v1.InstanceReport;
import io.upm.agent.protocol.v1.InventoryRequest;
import io.upm.agent.protocol.v1.InventoryResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What an agent holds, and what its engine did.
 *
 * @param report without what changes by itself
 * @param journal of the engine
 * @param files names and sizes of what the agent keeps, but for what it finds out by itself: how
 *     far logs were copied, and which passwords the engine was seen to take
 */
record Held(
    InstanceReport report,
    InventoryResponse plugins,
    List<String> journal,
    Map<String, Long> files) {
  static Held by(Pod pod) throws IOException {
    InstanceReport report = pod.awaitReady();
    return new Held(
        report.toBuilder().clearSequence().clearHealth().build(),
        pod.runtime().plugins().inventory(InventoryRequest.getDefaultInstance()),
        pod.container().journal(),
        files(pod.container().data().resolve(".upm")));
  }

  private static Map<String, Long> files(Path state) throws IOException {
    var files = new TreeMap<String, Long>();
    try (Stream<Path> all = Files.walk(state)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(state.relativize(file).toString(), Files.size(file));
      }
    }
    files.keySet().removeIf(name -> name.startsWith("logs") || name.equals("accounts"));
    return files;
  }
}
