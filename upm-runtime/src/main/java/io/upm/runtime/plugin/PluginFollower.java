package io.upm.runtime.plugin;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginKey;
import io.upm.runtime.api.Plugin;
import io.upm.runtime.api.PluginPackageStatus;
import io.upm.runtime.engine.Canary;
import io.upm.runtime.engine.Installation;
import io.upm.runtime.engine.PluginDirectory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has exactly the builds serve that the status of Plugin objects names. Works in every replica: the
 * leader decides by writing a status, and all of them, it too, follow what was written. So a
 * runtime that starts serves what the one before it served.
 */
final class PluginFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PluginFollower.class);

  /** How long a start waits for builds that aren't in the cache. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** How long it may take to serve what another replica serves; a webhook waits 5 s. */
  private static final Duration CATCHING_UP = Duration.ofSeconds(3);

  private final Parts parts;
  private final ExecutorService mailbox =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("plugin-follower").factory());

  /** The objects as they were seen last; only the mailbox's thread uses them. */
  private final Map<String, Plugin> objects = new HashMap<>();

  /** What served last of each object; only the mailbox's thread uses it, too. */
  private final Map<String, PluginArchive> served = new HashMap<>();

  /** Plugins of which an object decides what serves; only the mailbox's thread uses it, too. */
  private final Set<String> decided = new HashSet<>();

  /** Who waits for what is about to serve; only the mailbox's thread uses it, too. */
  private final List<Awaited> awaited = new ArrayList<>();

  /** Whether what came with the runtime may serve; only the mailbox's thread uses it, too. */
  private boolean started;

  private volatile @Nullable SharedIndexInformer<Plugin> informer;

  /**
   * What it works with.
   *
   * @param gone told the id of an object that was deleted
   */
  record Parts(
      KubernetesClient client,
      PluginDirectory plugins,
      Stages stages,
      PluginCache cache,
      Wishes wishes,
      Consumer<String> gone) {}

  /**
   * Builds that somebody waits for.
   *
   * @param digests of each object's, by its id
   * @param over counted down when all of them serve, or nobody waits any more
   */
  private record Awaited(Map<String, String> digests, CountDownLatch over) {}

  PluginFollower(Parts parts) {
    this.parts = parts;
    parts.stages().onChange(id -> post(() -> again(id)));
  }

  /**
   * Serves what was served before, then follows. Returns when what the cache has serves, and waits
   * a little for the rest.
   */
  void start() throws InterruptedException {
    if (!InstalledPlugins.isServed(parts.client())) {
      LOG.warn("there is no kind Plugin: install its CRD and restart the runtime to have it");
      return;
    }
    List<Plugin> there = parts.client().resources(Plugin.class).list().getItems();
    there.forEach(plugin -> post(() -> seen(plugin)));
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (Plugin plugin : there) {
      for (Wish wish : parts.wishes().serving(plugin).stream().toList()) {
        parts.stages().of(wish);
        parts.stages().await(wish, Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
      }
    }
    // What arrived meanwhile is installed by now: the mailbox is served in order.
    post(() -> started = true);
    awaitMailbox();
    informer = parts.client().resources(Plugin.class).inform(new Handler());
  }

  /**
   * Waits until what serves as the API server says now does serve here, where another replica may
   * have said so a moment ago; not for long, as a build may be long in coming.
   */
  void catchUp() {
    try {
      var digests = new HashMap<String, String>();
      for (Plugin plugin : parts.client().resources(Plugin.class).list().getItems()) {
        parts
            .wishes()
            .serving(plugin)
            .flatMap(Wish::digest)
            .ifPresent(digest -> digests.put(Wishes.id(plugin), digest));
      }
      var waiter = new Awaited(digests, new CountDownLatch(1));
      post(() -> awaited.add(waiter));
      if (!waiter.over().await(CATCHING_UP.toMillis(), TimeUnit.MILLISECONDS)) {
        waiter.over().countDown();
        LOG.warn("not all of {} serve here yet", digests.keySet());
      }
    } catch (KubernetesClientException e) {
      LOG.warn("it isn't known whether other plugins serve by now: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void release() {
    awaited.removeIf(waiter -> {
      if (waiter.digests().entrySet().stream().allMatch(this::serves)) {
        waiter.over().countDown();
      }
      return waiter.over().getCount() == 0;
    });
  }

  private boolean serves(Map.Entry<String, String> digest) {
    PluginArchive archive = served.get(digest.getKey());
    return archive != null && archive.key().digest().equals(digest.getValue());
  }

  private void awaitMailbox() throws InterruptedException {
    var reached = new CountDownLatch(1);
    post(reached::countDown);
    reached.await();
  }

  @Override
  public void close() {
    SharedIndexInformer<Plugin> current = informer;
    if (current != null) {
      current.close();
    }
    mailbox.shutdownNow();
    parts.stages().close();
  }

  private final class Handler implements ResourceEventHandler<Plugin> {
    @Override
    public void onAdd(Plugin plugin) {
      post(() -> seen(plugin));
    }

    @Override
    public void onUpdate(Plugin before, Plugin plugin) {
      post(() -> seen(plugin));
    }

    @Override
    public void onDelete(Plugin plugin, boolean finalStateUnknown) {
      post(() -> gone(plugin));
    }
  }

  private void post(Runnable work) {
    try {
      mailbox.execute(() -> {
        try {
          work.run();
          release();
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
          LOG.error("a Plugin object could not be followed", e);
        }
      });
    } catch (RejectedExecutionException e) {
      LOG.debug("the runtime ends", e);
    }
  }

  private void again(String id) {
    Plugin plugin = objects.get(id);
    if (plugin != null) {
      seen(plugin);
    }
  }

  private void gone(Plugin plugin) {
    String id = Wishes.id(plugin);
    objects.remove(id);
    parts.stages().keepOnly(id, Set.of());
    leave(id);
    parts.gone().accept(id);
    LOG.info("Plugin {} is gone", id);
  }

  private void seen(Plugin plugin) {
    String id = Wishes.id(plugin);
    objects.put(id, plugin);
    if (plugin.getSpec() == null) {
      return;
    }
    var wanted = new HashSet<Wish>();
    wanted(plugin).ifPresent(wanted::add);
    Optional<Wish> serving = parts.wishes().serving(plugin);
    if (serving.isPresent()) {
      wanted.add(serving.get());
      var archives = new ArrayList<PluginArchive>();
      Optional<PluginArchive> first = first(id, serving.get());
      first.ifPresent(archives::add);
      for (Wish other : others(plugin)) {
        wanted.add(other);
        arrived(other).ifPresent(archives::add);
      }
      if (first.isPresent() || decides(id)) {
        decided.add(id);
        parts
            .plugins()
            .install(
                id,
                new Installation(
                    first.map(PluginArchive::key),
                    archives,
                    plugin.getSpec().images(),
                    canary(plugin)));
      }
    } else {
      leave(id);
    }
    parts.stages().keepOnly(id, wanted);
    clean();
  }

  /** Has what came with the runtime serve. */
  private void leave(String id) {
    served.remove(id);
    decided.remove(id);
    parts.plugins().uninstall(id);
  }

  /**
   * Whether an object has its say before its build is here. While the runtime starts it does:
   * something else served before, and what came with the runtime is no stand-in for it. Later what
   * came with the runtime serves already, and goes on until the build is here.
   */
  private boolean decides(String id) {
    return !started || decided.contains(id);
  }

  private static Optional<Canary> canary(Plugin plugin) {
    PluginPackageStatus.Rollout rollout = DecideRollback.rollout(plugin);
    return rollout == null || !DecideCanary.isOn(plugin)
        ? Optional.empty()
        : DecideCanary.rule(plugin.getSpec())
            .map(rule ->
                new Canary(
                    new PluginKey(
                        Wishes.id(plugin), rollout.version(), Wishes.bare(rollout.digest())),
                    rule));
  }

  /**
   * The build that serves. It was tried already when the status names it, but is looked at once
   * more before it is used; until then the one before goes on, so that there is always one.
   */
  private Optional<PluginArchive> first(String id, Wish serving) {
    Optional<PluginArchive> arrived = arrived(serving);
    arrived.ifPresent(archive -> served.put(id, archive));
    return arrived.or(() -> Optional.ofNullable(served.get(id)));
  }

  /** Those that nobody uses aren't fetched again once they are gone from the cache. */
  private List<Wish> others(Plugin plugin) {
    Set<String> used = new HashSet<>();
    Wishes.entries(plugin).stream()
        .filter(entry -> entry.unitSets() > 0)
        .forEach(entry -> used.add(Wishes.bare(entry.digest())));
    return parts.wishes().others(plugin).stream()
        .filter(wish ->
            used.contains(wish.digest().orElseThrow())
                || parts.cache().has(wish.digest().orElseThrow()))
        .toList();
  }

  /** What the leader's reconciler is at; it isn't to be given up here. */
  private Optional<Wish> wanted(Plugin plugin) {
    try {
      return Optional.of(parts.wishes().wanted(plugin));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Optional<PluginArchive> arrived(Wish wish) {
    return parts.stages().of(wish) instanceof Stages.State.Ready ready
        ? Optional.of(ready.staged().archive())
        : Optional.empty();
  }

  private void clean() {
    var digests = new HashSet<String>(parts.stages().digests());
    objects.values().stream()
        .flatMap(plugin -> Wishes.entries(plugin).stream())
        .forEach(entry -> digests.add(Wishes.bare(entry.digest())));
    parts.cache().keepOnly(digests);
  }
}
