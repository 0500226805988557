package io.upm.runtime.plugin;

import io.upm.runtime.api.PluginPackageSpec.SignaturePolicy;
import java.util.Optional;

/**
 * A build that is wanted.
 *
 * @param digest lower-case hexadecimal SHA-256 that it must have
 * @param pinned whether that digest is of what was fetched before, not of the spec
 * @param policy what is asked of its signature
 * @param pullSecret Secret with what its source asks for
 * @param generation of the spec that wants it, so that a changed spec is a new attempt; 0 for a
 *     build that was in use already, which isn't tried before it serves
 */
record Wish(
    String id,
    PluginSource source,
    String version,
    Optional<String> digest,
    boolean pinned,
    SignaturePolicy policy,
    Optional<String> pullSecret,
    long generation) {

  /** Whether it was in use already. */
  boolean isKnown() {
    return generation == 0;
  }

  /** For messages. */
  String name() {
    return id + " " + version;
  }
}
