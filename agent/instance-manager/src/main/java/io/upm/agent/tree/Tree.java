package io.upm.agent.tree;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The tree that an agent runs from, as its launcher told it.
 *
 * @param home where it is
 * @param root of the first tree, beside which others come
 * @param id its id; empty for the first one
 * @param refused ids of those whose agents failed to serve
 */
public record Tree(Path home, Path root, String id, List<String> refused) {
  public Tree {
    refused = List.copyOf(refused);
  }

  /** Empty when the launcher can't run an agent from another one. */
  public static Optional<Tree> from(Map<String, String> environment) {
    String home = environment.get("UPM_HOME");
    String root = environment.get("UPM_TREES");
    if (home == null || root == null) {
      return Optional.empty();
    }
    List<String> refused =
        Stream.of(environment.getOrDefault("UPM_TREES_REFUSED", "").split(","))
            .filter(id -> !id.isEmpty())
            .toList();
    return Optional.of(
        new Tree(Path.of(home), Path.of(root), environment.getOrDefault("UPM_TREE", ""), refused));
  }
}
