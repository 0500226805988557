package io.upm.runtime.definition;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NarrowingTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int PAIRS = 60_000;

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  /** Schemas of one field called size, before and after. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'string'} | {'type':'integer'} | size was of type string and is of type integer",
        "{'type':'number'} | {'type':'integer'} | size was of type number and is of type integer",
        "{'x-kubernetes-int-or-string':true} | {'type':'string'} | size was of type integer or string and is of type string",
        "{'type':'string','enum':['a','b']} | {'type':'string','enum':['b','c']} | size takes \"a\" no longer",
        "{'type':'string'} | {'type':'string','enum':['b']} | size took any value and takes [\"b\"] only",
        "{'type':'string','nullable':true} | {'type':'string'} | size may not be null any more",
        "{'type':'integer'} | {'type':'integer','minimum':0} | size had minimum none and has 0",
        "{'type':'integer','maximum':9} | {'type':'integer','maximum':8} | size had maximum 9 and has 8",
        "{'type':'integer','minimum':1} | {'type':'integer','minimum':1,'exclusiveMinimum':true} | size had minimum 1 and has 1, exclusive",
        "{'type':'string'} | {'type':'string','minLength':1} | size had minLength 0 and has 1",
        "{'type':'array'} | {'type':'array','maxItems':3} | size had maxItems none and has 3",
        "{'type':'integer','multipleOf':3} | {'type':'integer','multipleOf':2} | size has to be a multiple of 2",
        "{'type':'string'} | {'type':'string','pattern':'^a'} | size has to match ^a",
        "{'type':'integer','format':'int64'} | {'type':'integer','format':'int32'} | size has to be of format int32",
        "{'type':'object'} | {'type':'object','x-kubernetes-validations':[{'rule':'self.a','message':'a first'}]} | size has another rule: a first",
        "{'type':'string'} | {'type':'string','anyOf':[{'pattern':'a'}]} | size has another condition (anyOf)",
        "{'type':'array'} | {'type':'array','x-kubernetes-list-type':'set'} | size takes no equal elements any more",
        "{'type':'array','items':{'type':'string'}} | {'type':'array','items':{'type':'string','maxLength':3}} | size[] had maxLength none and has 3",
        "{'type':'object','properties':{'a':{'type':'string'}}} | {'type':'object'} | size.a is gone",
        "{'type':'object','properties':{'a':{'type':'string'}}} | {'type':'object','properties':{'a':{'type':'string'}},'required':['a']} | size.a could be left out and has to be given",
        "{'type':'object'} | {'type':'object','properties':{'b':{'type':'string'}},'required':['b']} | size.b could be left out and has to be given",
        "{'type':'object','properties':{'a':{'type':'string','default':'x'}},'required':['a']} | {'type':'object','properties':{'a':{'type':'string'}},'required':['a']} | size.a could be left out and has to be given",
        "{'type':'object','additionalProperties':{'type':'string'}} | {'type':'object'} | size takes no other fields any more",
        "{'type':'object','x-kubernetes-preserve-unknown-fields':true} | {'type':'object','additionalProperties':{'type':'string'}} | size.* could be anything and can't any more",
        "{'type':'object','additionalProperties':{'type':'string'}} | {'type':'object','additionalProperties':{'type':'string'},'properties':{'a':{'type':'integer'}}} | size.a was of type string and is of type integer",
      })
  void isFoundAndSaid(String before, String after, String sentence) {
    assertThat(between(before, after)).containsExactly(sentence);
    assertThat(between(after, after)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'integer'} | {'type':'number'}",
        "{'type':'integer'} | {'x-kubernetes-int-or-string':true}",
        "{'type':'string','enum':['a']} | {'type':'string','enum':['b','a']}",
        "{'type':'string','enum':['a']} | {'type':'string'}",
        "{'type':'integer','minimum':1,'exclusiveMinimum':true} | {'type':'integer','minimum':1}",
        "{'type':'string'} | {'type':'string','minLength':0,'nullable':true}",
        "{'type':'integer','format':'int32'} | {'type':'integer','format':'int64'}",
        "{'type':'integer','multipleOf':6} | {'type':'integer','multipleOf':3}",
        "{'type':'string','pattern':'^a'} | {'type':'string'}",
        "{'type':'object','x-kubernetes-validations':[{'rule':'r','message':'a'}]} | {'type':'object','x-kubernetes-validations':[{'rule':'r','message':'b'}]}",
        "{'type':'object','properties':{'a':{'type':'string'}},'required':['a']} | {'type':'object','properties':{'a':{'type':'string'},'b':{'type':'string'}}}",
        "{'type':'object','properties':{}} | {'type':'object','properties':{'b':{'type':'string','default':'x'}},'required':['b']}",
        "{'type':'object','properties':{'a':{'type':'string'}}} | {'type':'object','additionalProperties':{'type':'string'}}",
        "{'type':'object','properties':{'a':{'type':'string'}}} | {'type':'object','x-kubernetes-preserve-unknown-fields':true}",
        "{'type':'string','description':'a','default':'x'} | {'type':'string','description':'b','default':'y'}",
      })
  void isNotSeenInWhatIsAsWide(String before, String after) {
    assertThat(between(before, after)).isEmpty();
  }

  private static List<String> between(String before, String after) {
    return SchemaNarrowing.between(field(before), field(after), Set.of());
  }

  private static JsonNode field(String schema) {
    return read("{'type':'object','properties':{'size':" + schema + "}}");
  }

  @Test
  void looksAtServedVersionsNamesAndWhatUsersWrite() {
    JsonNode old = definition("'scope':'Namespaced'", "'served':true", "'type':'string'");

    assertThat(Narrowing.between(old, old)).isEmpty();
    assertThat(
            Narrowing.between(
                old, definition("'scope':'Cluster'", "'served':true", "'type':'string'")))
        .containsExactly("scope was Namespaced and is Cluster");
    assertThat(
            Narrowing.between(
                old, definition("'scope':'Namespaced'", "'served':false", "'type':'string'")))
        .containsExactly("version v1 is gone");
    assertThat(
            Narrowing.between(
                old, definition("'scope':'Namespaced'", "'served':true", "'type':'integer'")))
        .containsExactly("spec was of type string and is of type integer");
    assertThat(
            Narrowing.between(
                definition("'scope':'Namespaced'", "'served':false", "'type':'string'"),
                definition("'scope':'Namespaced'", "'served':false", "'type':'integer'")))
        .isEmpty();
  }

  /** What stands in the status is the runtime's own; it may go. */
  private static JsonNode definition(String scope, String served, String spec) {
    String status = spec.contains("string") ? ",'status':{'type':'object'}" : "";
    return read(
        """
        {'metadata':{'name':'toys.example.com'},'spec':{%s,'names':{'kind':'Toy','plural':'toys'},
         'versions':[{'name':'v1',%s,'schema':{'openAPIV3Schema':{'type':'object',
           'properties':{'spec':{%s}%s}}}}]}}
        """
            .formatted(scope, served, spec, status));
  }

  /** The promise: of two schemas without a finding the second takes all that the first one took. */
  @Test
  void isNeverMissed() {
    long seed = Long.getLong("upm.seed", 20261122L);
    int silent = 0;
    for (int pair = 0; pair < PAIRS; pair++) {
      var schemas = new RandomSchemas(new Random(seed + pair));
      JsonNode before = schemas.schema(2);
      JsonNode after = schemas.changed(before);
      if (!SchemaNarrowing.between(before, after, Set.of()).isEmpty()) {
        continue;
      }
      silent++;
      for (int i = 0; i < 8; i++) {
        JsonNode value = schemas.value(before);
        if (RandomSchemas.takes(before, value)) {
          assertThat(RandomSchemas.takes(after, value))
              .as("seed %d: %s takes %s, %s doesn't", seed + pair, before, value, after)
              .isTrue();
        }
      }
    }
    assertThat(silent).as("pairs in which nothing was found").isBetween(PAIRS / 20, PAIRS);
  }
}
