package io.upm.acceptance.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A client of etcd, by its JSON. */
final class EtcdClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(LIMIT).build();
  private final String root;

  private EtcdClient(String host) {
    this.root = "http://" + host + ":2379/v3/";
  }

  static EtcdClient at(String host) {
    return new EtcdClient(host);
  }

  void put(String key, String value) throws IOException {
    ask("kv/put", Map.of("key", encoded(key), "value", encoded(value)));
  }

  /** Keys from one on up to, and without, another. */
  Set<String> keys(String from, String to) throws IOException {
    JsonNode answer =
        ask("kv/range", Map.of("key", encoded(from), "range_end", encoded(to), "keys_only", true));
    var keys = new TreeSet<String>();
    for (JsonNode found : answer.path("kvs")) {
      byte[] key = Base64.getDecoder().decode(found.path("key").asText());
      keys.add(new String(key, StandardCharsets.UTF_8));
    }
    return keys;
  }

  /** As {@link #keys}, with what they hold. */
  Map<String, byte[]> values(String from, String to) throws IOException {
    JsonNode answer = ask("kv/range", Map.of("key", encoded(from), "range_end", encoded(to)));
    var values = new TreeMap<String, byte[]>();
    for (JsonNode found : answer.path("kvs")) {
      byte[] key = Base64.getDecoder().decode(found.path("key").asText());
      values.put(
          new String(key, StandardCharsets.UTF_8),
          Base64.getDecoder().decode(found.path("value").asText()));
    }
    return values;
  }

  /** Names of the members that vote. */
  Set<String> voters() throws IOException {
    var names = new TreeSet<String>();
    for (JsonNode member :
        ask("cluster/member/list", Map.of("linearizable", true)).path("members")) {
      if (!member.path("isLearner").asBoolean()) {
        names.add(member.path("name").asText());
      }
    }
    return names;
  }

  private JsonNode ask(String path, Map<String, ?> body) throws IOException {
    var request =
        HttpRequest.newBuilder(URI.create(root + path))
            .timeout(LIMIT)
            .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
            .build();
    try {
      HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() != 200) {
        throw new IOException(new String(response.body(), StandardCharsets.UTF_8));
      }
      return JSON.readTree(response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    client.close();
  }
}
