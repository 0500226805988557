package io.upm.runtime.engine;

import io.upm.host.plugin.PluginKey;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.pf4j.DefaultVersionManager;
import org.pf4j.VersionManager;

/**
 * Which build of a plugin serves. Pure. The rules:
 *
 * <ol>
 *   <li>Of the zips that came with the runtime the newest version that loads serves.
 *   <li>What a Plugin object says comes before them: exactly the build that it names serves, older
 *       or newer, and while that isn't here, none does.
 *   <li>Who asks for a version gets the Plugin object's build of it before one that came with the
 *       runtime.
 * </ol>
 */
final class ServingRule {
  private static final VersionManager VERSIONS = new DefaultVersionManager();

  /** Newest version first; of one version in a fixed order. */
  static final Comparator<PluginKey> NEWEST_FIRST =
      ((Comparator<PluginKey>) (one, two) -> VERSIONS.compareVersions(one.version(), two.version()))
          .thenComparing(PluginKey::digest)
          .reversed();

  private ServingRule() {}

  /**
   * What a plugin's builds are used for.
   *
   * @param serve builds to try one after the other until one loads
   * @param ask builds that can be asked for by version; the first of a version is given
   */
  record Order(List<PluginKey> serve, List<PluginKey> ask) {}

  /** What a Plugin object says, as keys. */
  record Named(Optional<PluginKey> serving, List<PluginKey> here) {}

  static Order order(List<PluginKey> builtIn, Optional<Named> named) {
    List<PluginKey> own = builtIn.stream().sorted(NEWEST_FIRST).toList();
    if (named.isEmpty()) {
      return new Order(own, own);
    }
    var ask = new LinkedHashSet<PluginKey>();
    named.get().serving().ifPresent(ask::add);
    named.get().here().stream().sorted(NEWEST_FIRST).forEach(ask::add);
    ask.addAll(own);
    // A stable sort by version alone, so that the order of builds of one version stays.
    List<PluginKey> sorted =
        ask.stream()
            .sorted((one, two) -> VERSIONS.compareVersions(two.version(), one.version()))
            .toList();
    return new Order(named.get().serving().stream().toList(), sorted);
  }
}
