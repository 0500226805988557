package io.upm.runtime.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a registry lets one in: anonymously, by a password, or by a token that it sends one for. What
 * it gave is used again as long as this object lives.
 */
final class Registry {
  private static final int UNAUTHORIZED = 401;
  private static final int OK = 200;
  private static final int MAX_TOKEN = 1 << 20;
  private static final Pattern PARAMETER = Pattern.compile("(\\w+)=\"([^\"]*)\"");

  private final WebClient web;
  private final Credentials credentials;
  private final Set<String> unencrypted;
  private String authorization = "";

  /**
   * @param unencrypted registries that are asked without TLS
   */
  Registry(WebClient web, Credentials credentials, Set<String> unencrypted) {
    this.web = web;
    this.credentials = credentials;
    this.unencrypted = unencrypted;
  }

  URI uri(PluginSource.Oci source, String what) {
    String scheme = unencrypted.contains(source.registry()) ? "http" : "https";
    return URI.create(
        "%s://%s/v2/%s/%s".formatted(scheme, source.registry(), source.repository(), what));
  }

  WebClient.Answer get(PluginSource.Oci source, URI uri, String accept)
      throws IOException, InterruptedException {
    WebClient.Answer first = web.get(uri, headers(accept));
    if (first.status() != UNAUTHORIZED || !authorization.isEmpty()) {
      return first;
    }
    first.close();
    authorization = let(source, first.header("WWW-Authenticate"));
    return web.get(uri, headers(accept));
  }

  private Map<String, String> headers(String accept) {
    var headers = new HashMap<>(Map.of("Accept", accept));
    if (!authorization.isEmpty()) {
      headers.put("Authorization", authorization);
    }
    return headers;
  }

  /** What the registry wants to see. */
  private String let(PluginSource.Oci source, String challenge)
      throws IOException, InterruptedException {
    if (challenge.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return "Bearer " + token(source, challenge);
    }
    return credentials
        .basic()
        .orElseThrow(() ->
            new IOException(
                "%s: the registry wants a password; name a Secret with one in spec.pullSecret"
                    .formatted(source.text())));
  }

  private String token(PluginSource.Oci source, String challenge)
      throws IOException, InterruptedException {
    Map<String, String> parameters = parameters(challenge);
    String realm = parameters.getOrDefault("realm", "");
    boolean encrypted = realm.startsWith("https://");
    if (!encrypted && !(realm.startsWith("http://") && unencrypted.contains(source.registry()))) {
      throw new IOException(
          "%s: the registry sends one to \"%s\" for a token, which isn't encrypted"
              .formatted(source.text(), realm));
    }
    String query =
        "service=%s&scope=%s"
            .formatted(
                encoded(parameters.getOrDefault("service", "")),
                encoded(
                    parameters.getOrDefault(
                        "scope", "repository:%s:pull".formatted(source.repository()))));
    Map<String, String> headers =
        credentials.basic().map(basic -> Map.of("Authorization", basic)).orElse(Map.of());
    try (WebClient.Answer answer =
        web.get(URI.create(realm + (realm.contains("?") ? "&" : "?") + query), headers)) {
      if (answer.status() != OK) {
        throw new IOException(
            "%s: the registry's token service answers %d%s"
                .formatted(
                    source.text(),
                    answer.status(),
                    headers.isEmpty() ? "; name a Secret with a password in spec.pullSecret" : ""));
      }
      JsonNode tree = new JsonMapper().readTree(WebClient.small(answer, MAX_TOKEN));
      return Optional.of(tree.path("token").asText())
          .filter(token -> !token.isEmpty())
          .orElse(tree.path("access_token").asText());
    }
  }

  private static Map<String, String> parameters(String challenge) {
    var parameters = new TreeMap<String, String>();
    Matcher matcher = PARAMETER.matcher(challenge);
    while (matcher.find()) {
      parameters.put(matcher.group(1), matcher.group(2));
    }
    return parameters;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
