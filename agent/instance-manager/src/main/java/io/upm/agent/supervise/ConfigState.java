package io.upm.agent.supervise;

import io.upm.agent.config.ConfigApplier;
import io.upm.agent.supervise.Situation.Config;
import io.upm.spi.PluginException;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which configuration is in force, and what became of the one that is wanted. One thread only. */
final class ConfigState {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigState.class);

  /** A check that could not be made, while the last good configuration serves, is made again. */
  private static final Duration AGAIN = Duration.ofSeconds(30);

  private final ConfigApplier applier;
  private Target.@Nullable Key tried;
  private String digest = "";
  private String checked = "";
  private String refused = "";
  private long againNanos = Long.MAX_VALUE;

  ConfigState(ConfigApplier applier) {
    this.applier = applier;
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
   * @param running digest that the running engine was started with; empty without
   * @throws PluginException when it is refused and there is no other
   */
  void apply(Target target, boolean askable, String running, long nowNanos) throws IOException {
    tried = target.key();
    againNanos = Long.MAX_VALUE;
    try {
      String before = digest;
      digest =
          applier.apply(
              target.plugin(),
              target.document(),
              target.instance(),
              wanted -> askable && !wanted.equals(running) && !wanted.equals(checked));
      checked = askable ? digest : checked;
      refused = "";
      if (!digest.equals(before)) {
        LOG.info("configuration {} is in force", digest.substring(0, 12));
      }
      applier.forgetOthers(running);
    } catch (PluginException e) {
      refused = String.valueOf(e.getMessage());
      if (digest.isEmpty()) {
        throw e;
      }
      LOG.warn("the last good configuration stays: {}", refused);
      if (e.kind() != PluginException.Kind.USER) {
        againNanos = nowNanos + AGAIN.toNanos();
      }
    }
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
