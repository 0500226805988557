package io.upm.spi.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A version as the engine's makers write it: numbers with dots and an optional suffix, such as
 * {@code 8.0.33}, {@code 9.7} or {@code 8.4.4-1}. Ordered number by number; a missing number counts
 * as 0, and the suffix takes no part in the order.
 */
public record EngineVersion(List<Integer> numbers, String suffix)
    implements Comparable<EngineVersion> {
  private static final Pattern FORM =
      Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9}){0,3})([-+][\\w.+-]{1,40})?");

  public EngineVersion {
    numbers = List.copyOf(numbers);
    Objects.requireNonNull(suffix, "suffix");
  }

  /**
   * @throws IllegalArgumentException when the text is not a version
   */
  public static EngineVersion parse(String text) {
    return tryParse(text)
        .orElseThrow(() -> new IllegalArgumentException("\"" + text + "\" is not a version"));
  }

  public static Optional<EngineVersion> tryParse(String text) {
    var matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var numbers = new ArrayList<Integer>();
    for (String number : matcher.group(1).split("\\.", -1)) {
      numbers.add(Integer.valueOf(number));
    }
    String suffix = matcher.group(2);
    return Optional.of(new EngineVersion(numbers, suffix == null ? "" : suffix));
  }

  /** The number at a place, counted from 0; 0 where there is none. */
  public int at(int place) {
    return place < numbers.size() ? numbers.get(place) : 0;
  }

  public boolean atLeast(String other) {
    return compareTo(parse(other)) >= 0;
  }

  public boolean before(String other) {
    return compareTo(parse(other)) < 0;
  }

  @Override
  public int compareTo(EngineVersion other) {
    int places = Math.max(numbers.size(), other.numbers.size());
    for (int place = 0; place < places; place++) {
      int order = Integer.compare(at(place), other.at(place));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  @Override
  public String toString() {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(".")) + suffix;
  }
}
