package io.upm.plugin.mysql.backup;

import io.upm.spi.action.ActionContext;
import io.upm.spi.store.StoredObject;
import java.util.List;
import java.util.Optional;

/**
 * What is restored after a full backup, all of which can be read with what the Secret holds.
 *
 * @param until up to where
 * @param route the way there
 * @param links what is archived on it
 */
record History(Until until, Chain.Route route, List<Source> links) {
  History {
    links = List.copyOf(links);
  }

  /**
   * Finds it.
   *
   * @param text up to where, as it was given
   * @throws io.upm.spi.PluginException of kind USER when there is no way, or it can't be gone here
   */
  static History find(Source full, Until until, String text, ActionContext context) {
    Chain.Route route =
        Archive.open(full.place().parent(), full.store()).route(full.backup(), until, text);
    for (Archived link : route.links()) {
      RestoreRules.checkVersion(link.manifest().version(), context.instance().version());
    }
    return new History(
        until,
        route,
        route.links().stream().map(link -> Source.of(link, full.store(), context)).toList());
  }

  /** Size of all that is archived on it. */
  long bytes() {
    return links.stream().mapToLong(Source::bytes).sum();
  }

  /** Size of the largest file that must be looked into before. */
  long staged() {
    return route.cut().stream()
        .flatMap(cut -> cut.manifest().objects().stream())
        .mapToLong(StoredObject::bytes)
        .max()
        .orElse(0);
  }

  /** The links that are needed as a whole. */
  List<Source> whole() {
    return links.subList(0, route.whole().size());
  }

  /** The last one, if only its beginning may be wanted. */
  Optional<Source> cut() {
    return links.size() > whole().size() ? Optional.of(links.getLast()) : Optional.empty();
  }
}
