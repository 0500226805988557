import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The requests that the API server wrote down since this was asked last, by verb and resource. */
final class Audit {
  private static final Set<String> READS = Set.of("get", "list", "watch");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path log;
  private long offset;

  Audit(Path log) {
    this.log = log;
  }

  /** Numbers of requests by {@code verb resource}. */
  record Requests(Map<String, Integer> numbers) {
    /** All but those for the lease. */
    int all() {
      return numbers.entrySet().stream()
          .filter(one -> !one.getKey().endsWith(" leases"))
          .mapToInt(Map.Entry::getValue)
          .sum();
    }

    /** Those that change something, the lease apart. */
    int writes() {
      return numbers.entrySet().stream()
          .filter(one -> !one.getKey().endsWith(" leases"))
          .filter(one -> !READS.contains(one.getKey().split(" ")[0]))
          .mapToInt(Map.Entry::getValue)
          .sum();
    }

    String list(double per) {
      return numbers.entrySet().stream()
          .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
          .map(one -> "%s %.2f".formatted(one.getKey(), one.getValue() / per))
          .collect(Collectors.joining(", "));
    }
  }

  Requests since() throws IOException {
    var numbers = new TreeMap<String, Integer>();
    try (var file = new RandomAccessFile(log.toFile(), "r")) {
      file.seek(offset);
      byte[] bytes = new byte[Math.toIntExact(file.length() - offset)];
      file.readFully(bytes);
      int end = bytes.length;
      // What is being written comes next time.
      while (end > 0 && bytes[end - 1] != '\n') {
        end--;
      }
      offset += end;
      new String(bytes, 0, end, StandardCharsets.UTF_8)
          .lines()
          .forEach(line -> numbers.merge(name(line), 1, Integer::sum));
    }
    return new Requests(numbers);
  }

  private static String name(String line) {
    try {
      JsonNode event = JSON.readTree(line);
      JsonNode object = event.path("objectRef");
      String below = object.path("subresource").asText();
      return event.path("verb").asText()
          + " "
          + object.path("resource").asText(event.path("requestURI").asText())
          + (below.isEmpty() ? "" : "/" + below);
    } catch (IOException e) {
      throw new IllegalStateException("a line of the audit log: " + line, e);
    }
  }
}
