package io.upm.runtime.plugin;

import io.upm.runtime.api.Plugin;
import io.upm.runtime.api.PluginPackageSpec;
import io.upm.runtime.api.PluginPackageSpec.SignaturePolicy;
import io.upm.runtime.api.PluginPackageStatus;
import io.upm.runtime.api.PluginPackageStatus.VersionStatus;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which builds a Plugin object wants, and which its status says were in use. Pure.
 *
 * @param least what the runtime asks of all signatures; objects may ask for more
 */
record Wishes(SignaturePolicy least) {
  private static final String SHA256 = "sha256:";

  /**
   * The build that the spec wants.
   *
   * @throws IllegalArgumentException when its source can't be read, with what is allowed
   */
  Wish wanted(Plugin plugin) {
    PluginPackageSpec spec = plugin.getSpec();
    PluginSource source = PluginSource.of(spec.source(), spec.version());
    Optional<String> given = Optional.ofNullable(spec.digest()).map(Wishes::bare);
    Optional<String> seen =
        entries(plugin).stream()
            .filter(entry -> entry.version().equals(spec.version()))
            .filter(entry -> source.text().equals(entry.source()))
            .map(entry -> bare(entry.digest()))
            .findFirst();
    return new Wish(
        id(plugin),
        source,
        spec.version(),
        given.or(() -> seen),
        given.isEmpty(),
        least.and(spec.signaturePolicy()),
        Optional.ofNullable(spec.pullSecret()),
        Math.max(1, plugin.getMetadata().getGeneration()));
  }

  /** The build that serves as the status says. */
  Optional<Wish> serving(Plugin plugin) {
    PluginPackageStatus status = plugin.getStatus();
    return status == null || status.digest() == null
        ? Optional.empty()
        : entries(plugin).stream()
            .filter(entry -> entry.digest().equals(status.digest()))
            .findFirst()
            .map(entry -> known(plugin, entry));
  }

  /** The other builds in the status. */
  List<Wish> others(Plugin plugin) {
    return entries(plugin).stream()
        .filter(entry -> !isServing(plugin, entry))
        .map(entry -> known(plugin, entry))
        .toList();
  }

  /** Whether what serves is what the spec wants. */
  boolean fulfilled(Plugin plugin) {
    PluginPackageSpec spec = plugin.getSpec();
    Optional<VersionStatus> entry =
        entries(plugin).stream().filter(one -> isServing(plugin, one)).findFirst();
    return entry
        .filter(one -> one.version().equals(spec.version()))
        .filter(one ->
            spec.digest() != null
                ? spec.digest().equals(one.digest())
                : spec.source().replace(PluginSource.VERSION, spec.version()).equals(one.source()))
        .isPresent();
  }

  static List<VersionStatus> entries(Plugin plugin) {
    PluginPackageStatus status = plugin.getStatus();
    return status == null ? List.of() : status.versions();
  }

  static boolean isServing(Plugin plugin, VersionStatus entry) {
    PluginPackageStatus status = plugin.getStatus();
    return status != null && entry.digest().equals(status.digest());
  }

  static String bare(String digest) {
    return digest.startsWith(SHA256) ? digest.substring(SHA256.length()) : digest;
  }

  static String prefixed(String digest) {
    return SHA256 + digest;
  }

  static String id(Plugin plugin) {
    return plugin.getMetadata().getName();
  }

  private Wish known(Plugin plugin, VersionStatus entry) {
    @Nullable String source = entry.source();
    return new Wish(
        id(plugin),
        PluginSource.of(source == null ? plugin.getSpec().source() : source, entry.version()),
        entry.version(),
        Optional.of(bare(entry.digest())),
        true,
        least.and(plugin.getSpec().signaturePolicy()),
        Optional.ofNullable(plugin.getSpec().pullSecret()),
        0);
  }
}
