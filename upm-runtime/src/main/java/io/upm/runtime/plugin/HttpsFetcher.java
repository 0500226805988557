package io.upm.runtime.plugin;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** Zips on web servers; the signature is at the same address with {@code .sig} behind its path. */
final class HttpsFetcher {
  private static final int MAX_SIGNATURE = 64 << 10;
  private static final int OK = 200;

  private final WebClient web;
  private final Map<String, String> headers;

  HttpsFetcher(WebClient web, Credentials credentials) {
    this.web = web;
    this.headers =
        credentials.basic().map(basic -> Map.of("Authorization", basic)).orElse(Map.of());
  }

  Optional<byte[]> fetch(PluginSource.Https source, OutputStream into, Fetcher.Progress progress)
      throws IOException, Refusal, InterruptedException {
    try (WebClient.Answer answer = web.get(source.uri(), headers)) {
      if (answer.status() != OK) {
        throw new IOException("%s answers %d".formatted(source.text(), answer.status()));
      }
      web.copy(answer, into, progress);
    }
    URI beside = URI.create(source.text().replaceFirst("(\\?.*)?$", ".sig$1"));
    try (WebClient.Answer answer = web.get(beside, headers)) {
      return switch (answer.status()) {
        case OK -> Optional.of(WebClient.small(answer, MAX_SIGNATURE));
        case 403, 404, 410 -> Optional.empty();
        default -> throw new IOException("%s answers %d".formatted(beside, answer.status()));
      };
    }
  }
}
