package io.upm.acceptance.node;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Values that are nowhere else, to find out where a secret comes to lie.
 *
 * @param values by what they are the secret of
 */
record Marks(Map<String, String> values) {
  /** For each of these 32 characters: as long as a password for replication may be. */
  static Marks of(String... secrets) {
    return new Marks(
        Stream.of(secrets)
            .collect(
                Collectors.toMap(
                    secret -> secret, secret -> UUID.randomUUID().toString().replace("-", ""))));
  }

  String of(String secret) {
    return values.get(secret);
  }

  /** What is looked for: the value, as hexadecimal digits, and what base64 makes of its middle. */
  static List<String> forms(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    var forms = new TreeSet<String>();
    forms.add(value);
    forms.add(HexFormat.of().formatHex(bytes));
    forms.add(HexFormat.of().withUpperCase().formatHex(bytes));
    int whole = (bytes.length - 2) / 3 * 3;
    for (int start = 0; start < 3; start++) {
      // Whatever stands before it, one of three begins on a boundary of base64.
      forms.add(
          Base64.getEncoder().encodeToString(Arrays.copyOfRange(bytes, start, start + whole)));
    }
    return List.copyOf(forms);
  }

  /** Whose secrets are in a text, in whatever form. */
  List<String> in(String text) {
    return values.entrySet().stream()
        .filter(mark -> forms(mark.getValue()).stream().anyMatch(text::contains))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** As {@link #in(String)}, of bytes in which there may be text. */
  List<String> in(byte[] bytes) {
    return in(new String(bytes, StandardCharsets.ISO_8859_1));
  }
}
