package io.upm.example.etcd;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import module java.base;

/** One server, by the JSON that it speaks on its port for clients. */
record EtcdApi(String host, int port) {
  private static final int LIMIT_MILLIS = 1500;

  /** Without the usual pool: it hangs on threads, which live longer than a plugin. */
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder().recyclerPool(JsonRecyclerPools.nonRecyclingPool()).build());

  /** What a server says of itself; ids are numbers as text, "0" for none. */
  record State(String cluster, String id, String leader, boolean learner, long applied) {
    boolean leads() {
      return id.equals(leader);
    }
  }

  /** A member as the majority knows it; without a name until it has started once. */
  record Member(String id, String name, String peerUrl, boolean learner) {}

  /** Who belongs together. */
  record Members(String cluster, List<Member> all) {
    Optional<Member> at(String peerUrl) {
      return all.stream().filter(member -> member.peerUrl().equals(peerUrl)).findFirst();
    }
  }

  State state() throws IOException {
    JsonNode answer = post("/v3/maintenance/status", Map.of());
    return new State(
        answer.at("/header/cluster_id").asText(),
        answer.at("/header/member_id").asText(),
        answer.path("leader").asText("0"),
        answer.path("isLearner").asBoolean(),
        answer.path("raftAppliedIndex").asLong());
  }

  /** As a majority agrees on it: fails without one. */
  Members members() throws IOException {
    JsonNode answer = post("/v3/cluster/member/list", Map.of("linearizable", true));
    return new Members(
        answer.at("/header/cluster_id").asText(),
        StreamSupport.stream(answer.path("members").spliterator(), false)
            .map(member ->
                new Member(
                    member.path("ID").asText(),
                    member.path("name").asText(),
                    member.at("/peerURLs/0").asText(),
                    member.path("isLearner").asBoolean()))
            .toList());
  }

  JsonNode post(String path, Map<String, ?> body) throws IOException {
    var url = URI.create("http://%s:%d%s".formatted(host, port, path)).toURL();
    var connection = (HttpURLConnection) url.openConnection();
    connection.setConnectTimeout(LIMIT_MILLIS);
    connection.setReadTimeout(LIMIT_MILLIS);
    connection.setRequestProperty("Connection", "close");
    connection.setDoOutput(true);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(JSON.writeValueAsBytes(body));
    }
    boolean done = connection.getResponseCode() == HttpURLConnection.HTTP_OK;
    try (InputStream in = done ? connection.getInputStream() : connection.getErrorStream()) {
      JsonNode answer = JSON.readTree(in == null ? InputStream.nullInputStream() : in);
      if (!done) {
        throw new IOException(answer.path("message").asText("HTTP " + connection.getResponseCode()));
      }
      return answer;
    }
  }
}
