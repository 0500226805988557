package io.upm.plugin.mysql.backup;

import io.upm.spi.PluginException;
import io.upm.spi.instance.Instance;
import io.upm.spi.store.BackupManifest;
import io.upm.spi.store.ObjectStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** What is stored of one UnitSet. It is asked what there is; nothing else keeps a list of it. */
final class Archive {
  private static final String MANIFEST = "/" + BackupManifest.NAME;
  private static final int SECONDS = 60;

  private final ObjectStore store;
  private final Set<String> keys;
  private final List<Place> places;

  private Archive(ObjectStore store, Set<String> keys, List<Place> places) {
    this.store = store;
    this.keys = keys;
    this.places = places;
  }

  /**
   * Looks what there is.
   *
   * @param set place of all backups of the set
   */
  static Archive open(Place set, ObjectStore store) {
    List<String> keys = store.list(set.prefix());
    return new Archive(
        store,
        Set.copyOf(keys),
        keys.stream()
            .map(key -> key.substring(set.prefix().length()))
            .filter(key -> key.endsWith(MANIFEST))
            .filter(key -> key.indexOf('/') == key.length() - MANIFEST.length())
            .map(key -> key.substring(0, key.indexOf('/')))
            .sorted()
            .map(set::below)
            .toList());
  }

  /**
   * A place for a new backup of a unit. Names tell the second, so one that begins in the same
   * second as the one before gets the next.
   *
   * @param folder where it goes
   */
  static Place free(Place folder, Instant began, Instance.Identity who, ObjectStore store) {
    return IntStream.range(0, SECONDS)
        .mapToObj(later -> folder.at(began.plusSeconds(later), who))
        .filter(place -> store.list(place.prefix()).isEmpty())
        .findFirst()
        .orElseThrow(() ->
            PluginException.retryable(
                "%s and those after it are taken already".formatted(folder.at(began, who)), null));
  }

  /** The last one, whichever it is. Names begin with the time. */
  Optional<Archived> newest() {
    return places.reversed().stream()
        .map(this::read)
        .filter(one -> one.isFull() || one.isLink())
        .findFirst();
  }

  /** One that goes on from that backup, which is of no use to it without. */
  Optional<Archived> dependent(Place base) {
    return places.stream()
        .filter(place -> place.prefix().compareTo(base.prefix()) > 0)
        .map(this::read)
        .filter(Archived::isLink)
        .findFirst()
        .filter(link -> base.toString().equals(link.manifest().position().get(BinlogBackup.BASE)));
  }

  /**
   * The way from a backup to a point in the history.
   *
   * @param text the point as it was given
   * @throws PluginException of kind USER when there is none, or a part of it is missing
   */
  Chain.Route route(Archived full, Until until, String text) {
    List<Archived> later = new ArrayList<>();
    List<Archived> earlier = earlier(full);
    for (Place place : places) {
      if (place.prefix().compareTo(full.place().prefix()) <= 0) {
        continue;
      }
      Archived one = read(place);
      later.add(one);
      if (isBeyond(one, until)) {
        Optional<Chain.Route> route = chain(full, later, earlier).to(until);
        if (route.isPresent()) {
          return complete(route.get());
        }
      }
    }
    Chain chain = chain(full, later, earlier);
    return complete(
        chain
            .to(until)
            .orElseThrow(() ->
                Place.wrong(
                    "until",
                    text,
                    chain.points(later.stream().filter(Archived::isFull).toList()))));
  }

  private static Chain chain(Archived full, List<Archived> later, List<Archived> earlier) {
    var candidates = new ArrayList<>(later);
    candidates.addAll(earlier);
    return Chain.of(full, candidates);
  }

  /**
   * The backup may be of a replica that lagged: what was archived shortly before may hold more than
   * it does.
   */
  private List<Archived> earlier(Archived full) {
    var found = new ArrayList<Archived>();
    for (Place place : places.reversed()) {
      if (place.prefix().compareTo(full.place().prefix()) >= 0) {
        continue;
      }
      Archived one = read(place);
      if (!one.isLink()) {
        break;
      }
      found.addFirst(one);
      if (full.gtids().contains(one.gtids())) {
        break;
      }
    }
    return found;
  }

  private static boolean isBeyond(Archived one, Until until) {
    return one.isLink()
        && switch (until) {
          case Until.Time(var time) -> one.last().filter(time::isBefore).isPresent();
          case Until.Transaction(var gtid) -> one.gtids().contains(gtid);
        };
  }

  private Chain.Route complete(Chain.Route route) {
    for (Archived link : route.links()) {
      link.manifest().objects().stream()
          .map(object -> link.place().prefix() + object.key())
          .filter(key -> !keys.contains(key))
          .findFirst()
          .ifPresent(key -> {
            throw PluginException.user(
                "%s of the backup %s is missing in the store".formatted(key, link.place()));
          });
    }
    return route;
  }

  private Archived read(Place place) {
    return new Archived(
        place,
        store
            .manifest(place.prefix())
            .orElseThrow(() ->
                PluginException.retryable(
                    "backup %s was removed meanwhile".formatted(place), null)));
  }
}
