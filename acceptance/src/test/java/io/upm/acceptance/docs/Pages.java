package io.upm.acceptance.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The pages that users read, and the manifests in them. */
public final class Pages {
  /** Says that a block holds settings of the chart instead of manifests. */
  public static final String VALUES = "# values.yaml";

  private static final Path ROOT = Path.of("..");
  private static final Pattern BLOCK =
      Pattern.compile("^( *)```yaml\\n(.*?)^ *```", Pattern.MULTILINE | Pattern.DOTALL);

  private Pages() {}

  /**
   * One block of YAML.
   *
   * @param place page and number of the block in it
   */
  public record Block(String place, String text) {
    @Override
    public String toString() {
      return place;
    }
  }

  /** README and everything in docs, without what is generated from elsewhere. */
  public static List<Path> all() {
    try (Stream<Path> pages = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(Stream.of(ROOT.resolve("README.md")), pages)
          .filter(page -> page.toString().endsWith(".md"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every block of manifests. */
  public static List<Block> manifests() {
    return blocks().stream().filter(block -> !block.text().startsWith(VALUES)).toList();
  }

  /** Every block of settings of the chart. */
  public static List<Block> values() {
    return blocks().stream().filter(block -> block.text().startsWith(VALUES)).toList();
  }

  static String read(Path page) {
    try {
      return Files.readString(page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Block> blocks() {
    var blocks = new ArrayList<Block>();
    for (Path page : all()) {
      Matcher matcher = BLOCK.matcher(read(page));
      for (int number = 1; matcher.find(); number++) {
        String place = "%s, block %d".formatted(ROOT.relativize(page), number);
        blocks.add(new Block(place, matcher.group(2).indent(-matcher.group(1).length())));
      }
    }
    return blocks;
  }
}
