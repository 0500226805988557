package io.upm.agent.plugin;

import io.upm.host.plugin.LoadedPlugin;
import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginArchiveException;
import io.upm.host.plugin.PluginFault;
import io.upm.host.plugin.PluginHost;
import io.upm.host.plugin.PluginKey;
import io.upm.host.plugin.PluginLoadException;
import io.upm.spi.PluginException;
import io.upm.spi.instance.AgentContext;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugin in use. Another one takes its place without the engine noticing; calls that run finish
 * on the old one. Safe for concurrent use.
 */
public final class PluginSlot {
  private static final Logger LOG = LoggerFactory.getLogger(PluginSlot.class);

  /** An initialisation on the old plugin may take long; it is never cut short. */
  private static final Duration DRAIN = Duration.ofHours(12);

  private final PluginStore store;
  private final PluginHost host;
  private final AgentContext context;
  private volatile @Nullable ActivePlugin active;
  private volatile String problem = "";
  private volatile Runnable onChange = () -> {};

  public PluginSlot(PluginStore store, PluginHost host, AgentContext context) {
    this.store = store;
    this.host = host;
    this.context = context;
  }

  /** Called after each change, by whoever made it. */
  public void onChange(Runnable listener) {
    onChange = listener;
  }

  public Optional<ActivePlugin> active() {
    return Optional.ofNullable(active);
  }

  /** Why the plugin that was in use last could not be loaded; empty when it could. */
  public String problem() {
    return problem;
  }

  /**
   * Loads the plugin that was in use last or, if that can't be, one of the others that are wanted.
   */
  public void recover(Optional<PluginKey> wanted) throws IOException {
    var candidates = new ArrayList<PluginKey>();
    store.lastActive().ifPresent(candidates::add);
    wanted.filter(key -> !candidates.contains(key)).ifPresent(candidates::add);
    List<PluginKey> kept = store.kept();
    for (PluginKey key : candidates) {
      if (!kept.contains(key)) {
        continue;
      }
      try {
        activate(key);
        return;
      } catch (PluginArchiveException
          | PluginLoadException
          | PluginException
          | PluginFault
          | IllegalArgumentException e) {
        problem = String.valueOf(e.getMessage());
        LOG.error("{}", problem);
      }
    }
  }

  /**
   * Makes a kept plugin the one in use.
   *
   * @throws PluginArchiveException when it is not kept, or damaged
   * @throws PluginLoadException when it can't be loaded into this agent
   * @throws PluginException or {@link PluginFault} when it makes no life cycle
   * @throws IllegalArgumentException when the kept one has another id or version
   */
  public void activate(PluginKey key) throws IOException {
    ActivePlugin before;
    synchronized (this) {
      before = active;
      if (before != null && before.key().equals(key)) {
        return;
      }
      var archive = store.archive(key);
      if (!archive.key().equals(key)) {
        throw new IllegalArgumentException("plugin %s is %s".formatted(key, archive.key()));
      }
      active = load(archive);
      if (before != null) {
        shut(before.plugin());
      }
      problem = "";
      store.noteActive(key);
      LOG.info("plugin {} is in use", key);
    }
    onChange.run();
    if (before != null) {
      Thread.ofVirtual().name("retire " + before.key()).start(() -> retire(before));
    }
  }

  /** Whether a plugin is in use. */
  public boolean uses(String digest) {
    ActivePlugin current = active;
    return current != null && current.key().digest().equals(digest);
  }

  private ActivePlugin load(PluginArchive archive) {
    LoadedPlugin plugin = host.load(archive);
    try {
      return new ActivePlugin(plugin, plugin.hold("lifecycle", p -> p.lifecycle(context)));
    } catch (PluginException | PluginFault e) {
      plugin.unload();
      throw e;
    }
  }

  /** Before anybody can ask for it again: whoever does, gets a new one. */
  private static void shut(LoadedPlugin plugin) {
    try {
      plugin.drain(Duration.ZERO);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void retire(ActivePlugin old) {
    try {
      if (old.plugin().drain(DRAIN)) {
        old.plugin().unload();
        host.prune();
        LOG.info("plugin {} is unloaded", old.key());
      } else {
        LOG.error("plugin {} is still busy with {}", old.key(), old.plugin().running());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("plugin {} can't be unloaded", old.key(), e);
    }
  }
}
