package io.upm.runtime.plugin;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** Reads each kind of source its own way. */
final class SourceFetcher implements Fetcher {
  private final PluginTrust trust;
  private final PullSecrets secrets;
  private final FileFetcher files = new FileFetcher();

  SourceFetcher(PluginTrust trust, PullSecrets secrets) {
    this.trust = trust;
    this.secrets = secrets;
  }

  @Override
  public Optional<byte[]> fetch(Wish wish, OutputStream into, Progress progress)
      throws IOException, Refusal, InterruptedException {
    return switch (wish.source()) {
      case PluginSource.File file -> files.fetch(file, into, progress);
      case PluginSource.Https https -> {
        Credentials credentials = credentials(wish, https.uri().getAuthority());
        try (var web = new WebClient(trust.authorities())) {
          yield new HttpsFetcher(web, credentials).fetch(https, into, progress);
        }
      }
      case PluginSource.Oci oci -> {
        Credentials credentials = credentials(wish, oci.registry());
        try (var web = new WebClient(trust.authorities())) {
          var registry = new Registry(web, credentials, trust.unencryptedRegistries());
          yield new OciFetcher(web, registry).fetch(oci, into, progress);
        }
      }
    };
  }

  private Credentials credentials(Wish wish, String host) throws IOException {
    return wish.pullSecret().isPresent()
        ? secrets.find(wish.pullSecret().get(), host)
        : Credentials.NONE;
  }
}
