package io.upm.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.upm.spi.PluginException;
import io.upm.spi.Problem;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordCodecTest {
  private static final JsonMapper JSON = new JsonMapper();

  private final RecordCodec codec = new RecordCodec(RecordCodecTest.class.getClassLoader());

  enum Mode {
    @JsonProperty("rpl_async")
    ASYNC,
    @JsonProperty("rpl_semi_sync")
    SEMI_SYNC
  }

  record Member(
      @NotBlank @Pattern(regexp = "[a-z][a-z0-9.-]*", message = "a DNS name") String host,
      @Min(1) @Max(65535) @JsonProperty(defaultValue = "3306") int port) {}

  record Spec(
      @NotNull Mode mode,
      @NotNull Member source,
      @Size(max = 2) List<Member> replica,
      Map<String, @Positive Integer> weights,
      Set<@NotBlank String> tags,
      Optional<@Min(10) Integer> timeout,
      @Nullable BigDecimal ratio,
      @JsonProperty(value = "isPaused", defaultValue = "false") boolean paused,
      @JsonProperty(defaultValue = "rpl_async") Mode fallback,
      long @Nullable [] bounds) {}

  record Picky(String name) {
    Picky {
      if (name.equals("no")) {
        throw new IllegalArgumentException("\"no\" is no name");
      }
      if (name.equals("never")) {
        throw new NoClassDefFoundError("lib/Missing");
      }
    }
  }

  record Outer(Picky inner) {}

  @Test
  void readsWithDefaultsAndWritesBack() {
    Spec spec = read("{mode: 'rpl_semi_sync', source: {host: 'a'}}").orThrow();

    assertThat(spec)
        .usingRecursiveComparison()
        .isEqualTo(
            new Spec(
                Mode.SEMI_SYNC,
                new Member("a", 3306),
                List.of(),
                Map.of(),
                Set.of(),
                Optional.empty(),
                null,
                false,
                Mode.ASYNC,
                null));
    assertThat(codec.writeMap(spec))
        .isEqualTo(
            Map.of(
                "mode", "rpl_semi_sync",
                "source", Map.of("host", "a", "port", 3306),
                "replica", List.of(),
                "weights", Map.of(),
                "tags", List.of(),
                "isPaused", false,
                "fallback", "rpl_async"));
    assertThat(codec.check(spec, "spec")).isEmpty();
  }

  @Test
  void readsWhatItWrote() {
    Spec spec =
        read("""
        {mode: 'rpl_async', source: {host: 'a', port: 1}, replica: [{host: 'b'}], weights: {b: 3},
         tags: ['x'], timeout: 10, ratio: 0.25, isPaused: true, fallback: 'rpl_semi_sync', bounds: [1]}
        """)
            .orThrow();

    assertThat(codec.read(Spec.class, codec.write(spec), "spec").orThrow())
        .usingRecursiveComparison()
        .isEqualTo(spec);
    assertThat(spec.timeout()).contains(10);
    assertThat(codec.read(Spec.class, codec.writeMap(spec), "spec").problems()).isEmpty();
  }

  @Test
  void doesNotTouchWhatItReads() {
    JsonNode tree = json("{mode: 'rpl_async', source: {host: 'a'}}");
    JsonNode before = tree.deepCopy();

    codec.read(Spec.class, tree, "spec").orThrow();

    assertThat(tree).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{source: {host: 'a'}} | spec.mode is missing: one of rpl_async, rpl_semi_sync",
        "{mode: null, source: {host: 'a'}} | spec.mode is missing: one of rpl_async, rpl_semi_sync",
        "{mode: 'ASYNC', source: {host: 'a'}} | spec.mode: \"ASYNC\" is not allowed: one of rpl_async, rpl_semi_sync",
        "{mode: 'rpl_async'} | spec.source is missing: an object",
        "{mode: 'rpl_async', source: 'a'} | spec.source: \"a\" is not allowed: an object",
        "{mode: 'rpl_async', source: {}} | spec.source.host is missing: text, not empty, a DNS name",
        "{mode: 'rpl_async', source: {host: ''}} | spec.source.host is missing: text, not empty, a DNS name",
        "{mode: 'rpl_async', source: {host: 'A_B'}} | spec.source.host: \"A_B\" is not allowed: text, not empty, a DNS name",
        "{mode: 'rpl_async', source: {host: 5}} | spec.source.host: \"5\" is not allowed: text, not empty, a DNS name",
        "{mode: 'rpl_async', source: {host: 'a', port: 0}} | spec.source.port: \"0\" is not allowed: a whole number, at least 1, at most 65535",
        "{mode: 'rpl_async', source: {host: 'a', port: 99999999999}} | spec.source.port: \"99999999999\" is not allowed: a whole number, at least 1, at most 65535",
        "{mode: 'rpl_async', source: {host: 'a', port: '3306'}} | spec.source.port: \"3306\" is not allowed: a whole number, at least 1, at most 65535",
        "{mode: 'rpl_async', source: {host: 'a', port: 1.5}} | spec.source.port: \"1.5\" is not allowed: a whole number, at least 1, at most 65535",
        "{mode: 'rpl_async', source: {host: 'a', prt: 1}} | spec.source.prt: \"1\" is not allowed: there is no such field; there is host, port",
        "{mode: 'rpl_async', source: {host: 'a'}, replica: [{host: 'a'}, {port: 1}]} | spec.replica[1].host is missing: text, not empty, a DNS name",
        "{mode: 'rpl_async', source: {host: 'a'}, replica: [null]} | spec.replica[0] is missing: an object",
        "{mode: 'rpl_async', source: {host: 'a'}, replica: {}} | spec.replica: \"{}\" is not allowed: a list, at most 2 long",
        "{mode: 'rpl_async', source: {host: 'a'}, replica: [{host: 'a'},{host: 'b'},{host: 'cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc'}]} | spec.replica: \"[{\"host\":\"a\"},{\"host\":\"b\"},{\"host\":\"cccccccccccccccccccccccccccccccccccccccccccc…\" is not allowed: a list, at most 2 long",
        "{mode: 'rpl_async', source: {host: 'a'}, weights: {b: 0}} | spec.weights.b: \"0\" is not allowed: a whole number, at least 1",
        "{mode: 'rpl_async', source: {host: 'a'}, tags: [' ']} | spec.tags[0]: \" \" is not allowed: text, not empty",
        "{mode: 'rpl_async', source: {host: 'a'}, timeout: 9} | spec.timeout: \"9\" is not allowed: a whole number, at least 10",
        "{mode: 'rpl_async', source: {host: 'a'}, ratio: 'half'} | spec.ratio: \"half\" is not allowed: a number",
        "{mode: 'rpl_async', source: {host: 'a'}, isPaused: 'yes'} | spec.isPaused: \"yes\" is not allowed: true or false",
        "{mode: 'rpl_async', source: {host: 'a'}, bounds: ['x']} | spec.bounds[0]: \"x\" is not allowed: a whole number",
        "[] | spec: \"[]\" is not allowed: an object",
      })
  void refusesWithOneSentence(String tree, String sentence) {
    assertThat(read(tree).problems()).map(Problem::sentence).containsExactly(sentence);
  }

  @Test
  void findsEverythingAtOnce() {
    Conversion<Spec> conversion = read("{source: {prot: 1}, nodes: 3, isPaused: 1}");

    assertThat(conversion.value()).isEmpty();
    assertThat(conversion.problems())
        .map(Problem::field)
        .containsExactly(
            "spec.nodes", "spec.mode", "spec.source.prot", "spec.source.host", "spec.isPaused");
    assertThatThrownBy(conversion::orThrow)
        .isInstanceOfSatisfying(
            PluginException.class, e -> assertThat(e.kind()).isEqualTo(PluginException.Kind.USER))
        .hasMessageContaining("spec.mode is missing: one of rpl_async, rpl_semi_sync; ");
  }

  @Test
  void saysWhatARecordItselfRefuses() {
    assertThat(codec.read(Outer.class, json("{inner: {name: 'no'}}"), "spec").problems())
        .map(Problem::sentence)
        .containsExactly("spec.inner: \"{\"name\":\"no\"}\" is not allowed: \"no\" is no name");
    assertThat(codec.read(Outer.class, json("{inner: {name: 'never'}}"), "spec").problems())
        .map(Problem::sentence)
        .containsExactly(
            "spec.inner: \"{\"name\":\"never\"}\" is not allowed:"
                + " java.lang.NoClassDefFoundError: lib/Missing");
  }

  @Test
  void checksARecordThatWasMadeElsewhere() {
    var spec =
        new Spec(
            Mode.ASYNC,
            new Member("", 0),
            List.of(),
            Map.of(),
            Set.of(),
            Optional.of(3),
            null,
            false,
            Mode.ASYNC,
            new long[0]);

    assertThat(codec.check(spec, "spec"))
        .map(Problem::field)
        .containsExactly("spec.source.host", "spec.source.port", "spec.timeout");
  }

  private Conversion<Spec> read(String tree) {
    return codec.read(Spec.class, json(tree), "spec");
  }

  /** JSON without the quotes that make it hard to read. */
  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text.replace('\'', '"').replaceAll("([{,]\\s*)(\\w+):", "$1\"$2\":"));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
