package io.upm.host.plugin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the TCK found when a plugin was built. It travels in the zip, and holds for the classes that
 * were tried and for no others.
 *
 * @param engine the plugin's engine
 * @param spi version of the SPI, and so of the TCK
 * @param classes digest of the plugin's own classes and resources, as {@link #digest} makes it
 * @param passed how many tests each proven capability took; one that isn't proven isn't there
 */
public record TckReport(
    String engine, String spi, String classes, Map<Capability, Integer> passed) {
  /** Where it is in a zip. */
  public static final String ENTRY = "tck/report.json";

  /** Where its signature is, if it has one. */
  public static final String SIGNATURE = ENTRY + ".sig";

  private static final int FORMAT = 1;

  /** What a plugin can do. The first two are what every plugin can. */
  public enum Capability {
    CONFIG("config"),
    LIFECYCLE("life cycle"),
    ACTIONS("actions"),
    TOPOLOGY("topology");

    private final String word;

    Capability(String word) {
      this.word = word;
    }

    /** As reports and messages say it. */
    public String word() {
      return word;
    }
  }

  /** Content of a file, read when it is asked for. */
  @FunctionalInterface
  public interface Content {
    byte[] read() throws IOException;
  }

  public TckReport {
    passed = Map.copyOf(passed);
  }

  public boolean proves(Capability capability) {
    return passed.containsKey(capability);
  }

  /** The same bytes for the same findings. */
  public byte[] json() {
    ObjectNode tree = new JsonMapper().createObjectNode();
    tree.put("format", FORMAT).put("engine", engine).put("spi", spi).put("classes", classes);
    ObjectNode proven = tree.putObject("proven");
    new TreeMap<>(passed).forEach((capability, tests) -> proven.put(capability.word(), tests));
    return (tree.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Reads a report; empty when the bytes aren't one that this version understands. */
  public static Optional<TckReport> parse(byte[] json) {
    JsonNode tree;
    try {
      tree = new JsonMapper().readTree(new String(json, StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
    if (tree == null || tree.path("format").asInt() != FORMAT) {
      return Optional.empty();
    }
    Map<Capability, Integer> passed =
        Arrays.stream(Capability.values())
            .filter(one -> tree.path("proven").path(one.word()).asInt() > 0)
            .collect(
                Collectors.toMap(one -> one, one -> tree.path("proven").path(one.word()).asInt()));
    return Optional.of(
        new TckReport(
            tree.path("engine").asText(),
            tree.path("spi").asText(),
            tree.path("classes").asText(),
            passed));
  }

  /**
   * One digest over many files.
   *
   * @param files by their paths, with slashes
   */
  public static String digest(SortedMap<String, Content> files) throws IOException {
    MessageDigest all = Digests.newSha256();
    for (Map.Entry<String, Content> file : files.entrySet()) {
      all.update(file.getKey().getBytes(StandardCharsets.UTF_8));
      all.update((byte) 0);
      all.update(Digests.newSha256().digest(file.getValue().read()));
    }
    return "sha256:" + HexFormat.of().formatHex(all.digest());
  }

  /** One sentence for status and the command line. */
  public String sentence() {
    String proven =
        new TreeMap<>(passed)
            .keySet().stream().map(Capability::word).collect(Collectors.joining(", "));
    return "%s proven by %d tests of the TCK of SPI %s"
        .formatted(
            proven.isEmpty() ? "nothing" : proven,
            passed.values().stream().mapToInt(Integer::intValue).sum(),
            spi);
  }
}
