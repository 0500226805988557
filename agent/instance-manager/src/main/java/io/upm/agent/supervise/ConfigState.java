package io.upm.agent.supervise;

import io.upm.agent.config.ConfigApplier;
import io.upm.agent.config.LiveConfig;
import io.upm.agent.engine.EngineRun;
import io.upm.agent.supervise.Situation.Config;
import io.upm.host.plugin.PluginFault;
import io.upm.spi.PluginException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which configuration is in force, and what became of the one that is wanted. One thread only. */
final class ConfigState {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigState.class);

  /** A check that could not be made, while the last good configuration serves, is made again. */
  private static final Duration AGAIN = Duration.ofSeconds(30);

  /** Between two looks for what somebody changed in the engine itself. */
  private static final Duration LOOK = Duration.ofSeconds(60);

  private final ConfigApplier applier;
  private final LiveConfig live;
  private Target.@Nullable Key tried;
  private String digest = "";
  private String checked = "";
  private String refused = "";
  private long againNanos = Long.MAX_VALUE;
  private @Nullable Compared compared;
  private List<String> drift = List.of();
  private long driftNanos;
  private boolean driftKnown;

  /** What waits for the next start of an engine. */
  private record Compared(
      EngineRun run, String digest, Target.@Nullable Key key, LiveConfig.Pending pending) {}

  ConfigState(ConfigApplier applier, LiveConfig live) {
    this.applier = applier;
    this.live = live;
  }

  /** Takes up what an earlier agent put in force. */
  void recover() throws IOException {
    digest = applier.inForce().orElse("");
  }

  Config of(Target target, long nowNanos) {
    if (!target.key().equals(tried) || nowNanos >= againNanos) {
      return Config.DUE;
    }
    if (!refused.isEmpty()) {
      return digest.isEmpty() ? Config.REFUSED : Config.LAST_GOOD;
    }
    return checked.equals(digest) ? Config.GOOD : Config.UNCHECKED;
  }

  /**
   * Puts the configuration of the target in force, or leaves the last good one.
   *
   * @param askable whether the engine can be asked: the volume is initialised
   * @param run the engine that runs; empty without
   * @param answers whether it can be told
   * @throws PluginException when it is refused and there is no other
   */
  void apply(
      Target target, boolean askable, Optional<EngineRun> run, boolean answers, long nowNanos)
      throws IOException {
    tried = target.key();
    againNanos = Long.MAX_VALUE;
    String running = run.map(by -> by.start().configDigest()).orElse("");
    try {
      String before = digest;
      digest =
          applier.apply(
              target.plugin(),
              target.document(),
              target.instance(),
              wanted -> askable && !wanted.equals(running) && !wanted.equals(checked),
              wanted -> {
                if (run.isPresent() && answers) {
                  live.bring(target.plugin(), target.instance(), run.get(), wanted);
                }
              });
      checked = askable ? digest : checked;
      refused = "";
      if (!digest.equals(before)) {
        LOG.info("configuration {} is in force", digest.substring(0, 12));
      }
      forgetOthers(run);
      driftKnown = false;
    } catch (PluginException e) {
      refused = String.valueOf(e.getMessage());
      if (digest.isEmpty()) {
        throw e;
      }
      if (run.isPresent() && e.kind() == PluginException.Kind.USER) {
        putBack(run.get());
      }
      LOG.warn("the last good configuration stays: {}", refused);
      if (e.kind() != PluginException.Kind.USER) {
        againNanos = nowNanos + AGAIN.toNanos();
      }
    }
  }

  /**
   * The running engine began to answer: it can be told what changed while it started, if anything
   * did.
   */
  void engineAnswers(EngineRun by) {
    if (!by.start().configDigest().equals(digest)) {
      tried = null;
    }
  }

  /** One that was put in force while the engine started, and that it then refused to take. */
  private void putBack(EngineRun run) throws IOException {
    Set<String> has = live.digests(run);
    if (has.size() == 1 && !has.contains(digest)) {
      digest = has.iterator().next();
      applier.putInForce(digest);
    }
  }

  private void forgetOthers(Optional<EngineRun> run) throws IOException {
    var used = new HashSet<String>();
    if (run.isPresent()) {
      used.add(run.get().start().configDigest());
      used.addAll(live.digests(run.get()));
    }
    applier.forgetOthers(used);
  }

  /** What waits for the next start of the running engine. */
  LiveConfig.Pending pending(Optional<Target> target, EngineRun run) {
    Compared last = compared;
    Target.Key key = target.map(Target::key).orElse(null);
    if (last != null
        && last.run().equals(run)
        && last.digest().equals(digest)
        && (key == null || key.equals(last.key()))) {
      return last.pending();
    }
    LiveConfig.Pending found = compare(target, run);
    compared = new Compared(run, digest, key, found);
    return found;
  }

  private LiveConfig.Pending compare(Optional<Target> target, EngineRun run) {
    if (target.isPresent()) {
      try {
        return live.pending(target.get().plugin(), target.get().instance(), run, digest);
      } catch (PluginException | PluginFault e) {
        LOG.warn("the plugin can't compare configurations: {}", e.getMessage());
      }
    }
    return new LiveConfig.Pending(!run.start().configDigest().equals(digest), List.of());
  }

  /** Looks now and then what was changed in the engine beside its configuration. */
  void lookForDrift(Target target, long nowNanos) {
    if (driftKnown && nowNanos - driftNanos < LOOK.toNanos()) {
      return;
    }
    driftKnown = true;
    driftNanos = nowNanos;
    try {
      drift = live.drift(target.plugin(), target.instance(), digest);
    } catch (PluginException | PluginFault e) {
      LOG.debug("the engine can't be asked for drift: {}", e.getMessage());
    }
  }

  /** What was changed in the engine beside its configuration, a sentence each. */
  List<String> drift() {
    return drift;
  }

  void engineEnded() {
    drift = List.of();
    driftKnown = false;
  }

  String digest() {
    return digest;
  }

  /** Of the document that a configuration was made for last; 0 before the first. */
  long revision() {
    Target.Key last = tried;
    return last == null ? 0 : last.revision();
  }

  String refused() {
    return refused;
  }
}
