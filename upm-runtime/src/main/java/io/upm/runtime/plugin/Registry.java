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
  private final Purpose purpose;
  private String authorization = "";

  /** What one wants of a registry: the scope of a token, and where a password is told. */
  enum Purpose {
    PULL(
        "pull",
        "name a Secret with one in spec.pullSecret, or to \"upm assemble\" a file: --docker-config"),
    PUSH("pull,push", "name a Docker configuration file with one: --docker-config");

    private final String scope;
    private final String advice;

    Purpose(String scope, String advice) {
      this.scope = scope;
      this.advice = advice;
    }
  }

  /** A request that may have to be made again, with what the registry wants to see. */
  interface Request {
    WebClient.Answer send(Map<String, String> headers) throws IOException, InterruptedException;
  }

  /**
   * For reading.
   *
   * @param unencrypted registries that are asked without TLS
   */
  Registry(WebClient web, Credentials credentials, Set<String> unencrypted) {
    this(web, credentials, unencrypted, Purpose.PULL);
  }

  Registry(WebClient web, Credentials credentials, Set<String> unencrypted, Purpose purpose) {
    this.web = web;
    this.credentials = credentials;
    this.unencrypted = unencrypted;
    this.purpose = purpose;
  }

  URI uri(PluginSource.Oci source, String what) {
    String scheme = unencrypted.contains(source.registry()) ? "http" : "https";
    return URI.create(
        "%s://%s/v2/%s/%s".formatted(scheme, source.registry(), source.repository(), what));
  }

  WebClient.Answer get(PluginSource.Oci source, URI uri, String accept)
      throws IOException, InterruptedException {
    return ask(
        source,
        authorized -> {
          var headers = new HashMap<>(authorized);
          headers.put("Accept", accept);
          return web.get(uri, headers);
        });
  }

  /** Makes a request, and once more when the registry wants to know who asks. */
  WebClient.Answer ask(PluginSource.Oci source, Request request)
      throws IOException, InterruptedException {
    WebClient.Answer first = request.send(authorized());
    if (first.status() != UNAUTHORIZED || !authorization.isEmpty()) {
      return first;
    }
    first.close();
    authorization = let(source, first.header("WWW-Authenticate"));
    return request.send(authorized());
  }

  private Map<String, String> authorized() {
    return authorization.isEmpty() ? Map.of() : Map.of("Authorization", authorization);
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
                "%s: the registry wants a password; %s".formatted(source.text(), purpose.advice)));
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
                encoded(scope(source, parameters)));
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
                    headers.isEmpty() ? ", without a password; " + purpose.advice : ""));
      }
      JsonNode tree = new JsonMapper().readTree(WebClient.small(answer, MAX_TOKEN));
      return Optional.of(tree.path("token").asText())
          .filter(token -> !token.isEmpty())
          .orElse(tree.path("access_token").asText());
    }
  }

  /** Who pushes reads first, and the registry asks for no more than that then. */
  private String scope(PluginSource.Oci source, Map<String, String> parameters) {
    String own = "repository:%s:%s".formatted(source.repository(), purpose.scope);
    return purpose == Purpose.PUSH ? own : parameters.getOrDefault("scope", own);
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
