package io.upm.runtime.plugin;

import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginArchiveException;
import io.upm.runtime.engine.PluginTrial;
import io.upm.runtime.engine.PluginTrial.Findings;
import io.upm.runtime.plugin.Refusal.Reason;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Brings a build into the cache and looks at it from all sides, in this order: digest, signature,
 * zip, id and version, loading, what the TCK proved. What serves isn't touched.
 */
final class Staging {
  private final PluginCache cache;
  private final Fetcher fetcher;
  private final Signatures signatures;
  private final PluginTrial trial;
  private final TckRule tck;

  Staging(
      PluginCache cache, Fetcher fetcher, Signatures signatures, PluginTrial trial, TckRule tck) {
    this.cache = cache;
    this.fetcher = fetcher;
    this.signatures = signatures;
    this.trial = trial;
    this.tck = tck;
  }

  /**
   * Brings a build here; reads its source only when the cache doesn't have it.
   *
   * @throws IOException when it may work later
   * @throws Refusal when it won't
   */
  Staged run(Wish wish, Fetcher.Progress progress)
      throws IOException, Refusal, InterruptedException {
    Optional<Path> cached =
        wish.digest().isPresent() ? cache.find(wish.digest().get()) : Optional.empty();
    return cached.isPresent() ? known(wish, cached.get()) : fetched(wish, progress);
  }

  private Staged known(Wish wish, Path zip) throws IOException, Refusal, InterruptedException {
    Optional<byte[]> signature = cache.signature(wish.digest().orElseThrow());
    Optional<String> signedBy = signatures.check(wish, zip, signature);
    return inspected(wish, zip, signedBy);
  }

  private Staged fetched(Wish wish, Fetcher.Progress progress)
      throws IOException, Refusal, InterruptedException {
    try (PluginCache.Incoming incoming = cache.incoming()) {
      Optional<byte[]> signature;
      try (OutputStream into = new BufferedOutputStream(incoming.open(), 64 << 10)) {
        signature = fetcher.fetch(wish, into, progress);
      }
      checkDigest(wish, incoming.digest());
      Optional<String> signedBy = signatures.check(wish, incoming.file(), signature);
      // Looked at before it is kept: what is in the cache was in order once.
      archive(wish, incoming.file());
      return inspected(wish, incoming.keep(signature), signedBy);
    }
  }

  private static void checkDigest(Wish wish, String digest) throws Refusal {
    if (wish.digest().isEmpty() || wish.digest().get().equals(digest)) {
      return;
    }
    throw new Refusal(
        Reason.DIGEST_MISMATCH,
        wish.pinned()
            ? "%s is sha256:%s now and was sha256:%s when version %s was fetched first; name another version, or the new digest in spec.digest"
                .formatted(wish.source().text(), digest, wish.digest().get(), wish.version())
            : "%s is sha256:%s, and spec.digest allows sha256:%s only"
                .formatted(wish.source().text(), digest, wish.digest().get()));
  }

  private Staged inspected(Wish wish, Path zip, Optional<String> signedBy)
      throws Refusal, InterruptedException {
    PluginArchive archive = archive(wish, zip);
    return new Staged(archive, findings(wish, archive), signedBy);
  }

  private static PluginArchive archive(Wish wish, Path zip) throws Refusal {
    PluginArchive archive;
    try {
      archive = PluginArchive.read(zip);
    } catch (PluginArchiveException e) {
      String file = String.valueOf(zip.getFileName());
      throw new Refusal(
          Reason.NOT_A_PLUGIN, String.valueOf(e.getMessage()).replace(file, wish.source().text()));
    }
    if (!archive.key().id().equals(wish.id())) {
      throw new Refusal(
          Reason.OTHER_PLUGIN,
          "%s holds plugin \"%s\", and this Plugin is called \"%s\": the two must be the same"
              .formatted(wish.source().text(), archive.key().id(), wish.id()));
    }
    if (!archive.key().version().equals(wish.version())) {
      throw new Refusal(
          Reason.OTHER_VERSION,
          "%s holds version %s, and spec.version wants %s"
              .formatted(wish.source().text(), archive.key().version(), wish.version()));
    }
    return archive;
  }

  private Optional<Findings> findings(Wish wish, PluginArchive archive)
      throws Refusal, InterruptedException {
    if (wish.isKnown()) {
      return Optional.empty();
    }
    try {
      Findings findings = trial.run(archive);
      tck.check(wish, archive.tck(), findings.capabilities());
      return Optional.of(findings);
    } catch (PluginTrial.Failure e) {
      throw new Refusal(
          e.incompatible() ? Reason.INCOMPATIBLE : Reason.LOAD_FAILED,
          String.valueOf(e.getMessage()));
    }
  }
}
