package io.upm.runtime.plugin;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** Reads each kind of source its own way. */
final class SourceFetcher implements Fetcher {
  /** Knows what a host asks for. */
  interface Logins {
    /**
     * @throws IOException when it isn't to be had now
     */
    Credentials find(Wish wish, String host) throws IOException;
  }

  private final PluginTrust trust;
  private final Logins logins;
  private final FileFetcher files = new FileFetcher();

  SourceFetcher(PluginTrust trust, Logins logins) {
    this.trust = trust;
    this.logins = logins;
  }

  @Override
  public Optional<byte[]> fetch(Wish wish, OutputStream into, Progress progress)
      throws IOException, Refusal, InterruptedException {
    return switch (wish.source()) {
      case PluginSource.File file -> files.fetch(file, into, progress);
      case PluginSource.Https https -> {
        Credentials credentials = logins.find(wish, https.uri().getAuthority());
        try (var web = new WebClient(trust.authorities())) {
          yield new HttpsFetcher(web, credentials).fetch(https, into, progress);
        }
      }
      case PluginSource.Oci oci -> {
        Credentials credentials = logins.find(wish, oci.registry());
        try (var web = new WebClient(trust.authorities())) {
          var registry = new Registry(web, credentials, trust.unencryptedRegistries());
          yield new OciFetcher(web, registry).fetch(oci, into, progress);
        }
      }
    };
  }
}
