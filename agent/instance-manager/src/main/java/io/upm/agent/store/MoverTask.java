package io.upm.agent.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A task of the mover, as {@code agent/mover/task.go} reads it. Holds secrets. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record MoverTask(
    String verb,
    Store store,
    String key,
    @Nullable Codec encoding,
    @Nullable Program program,
    @Nullable String directory,
    @Nullable Program next,
    @Nullable Sums expected,
    long estimate,
    byte @Nullable [] content) {

  record Store(
      String endpoint,
      String region,
      String bucket,
      byte[] ca,
      String accessKey,
      String secretKey) {
    @Override
    public String toString() {
      return bucket;
    }
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Codec(String compression, byte @Nullable [] key, String context) {
    @Override
    public String toString() {
      return compression;
    }
  }

  record Program(
      List<String> command, Map<String, String> environment, String directory, byte[] input) {
    @Override
    public String toString() {
      return command.getFirst();
    }
  }

  record Sums(long storedBytes, String storedSha256, long bytes, String sha256) {}

  static MoverTask of(String verb, Store store, String key) {
    return new MoverTask(verb, store, key, null, null, null, null, null, 0, null);
  }

  @Override
  public String toString() {
    return verb + " " + key;
  }
}
