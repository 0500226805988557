package io.upm.runtime.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnedFieldsTest {
  private static final String OWNED =
      """
      {"f:metadata":{"f:labels":{"f:a":{}},"f:ownerReferences":{"k:{\\"uid\\":\\"u\\"}":{}}},
       "f:spec":{"f:type":{},"f:list":{},"f:finalizers":{".":{},"v:\\"x\\"":{}},
         "f:ports":{"k:{\\"port\\":3306,\\"protocol\\":\\"TCP\\"}":{".":{},"f:port":{},"f:protocol":{},"f:name":{}}},
         "f:empty":{}}}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          true  | {"metadata":{"name":"n","namespace":"d","labels":{"a":"1"}}}
          false | {"metadata":{"labels":{"a":"1","b":"2"}}}
          false | {"metadata":{"annotations":{"a":"1"}}}
          true  | {"metadata":{"ownerReferences":[{"uid":"u","name":"x"}]}}
          false | {"metadata":{"ownerReferences":[{"uid":"other"}]}}
          true  | {"apiVersion":"v1","kind":"Service","status":{"x":1},"spec":{"type":"NodePort"}}
          true  | {"spec":{"list":["whatever","atomic"]}}
          true  | {"spec":{"finalizers":["x"]}}
          false | {"spec":{"finalizers":["x","y"]}}
          true  | {"spec":{"ports":[{"port":3306,"name":"db"}]}}
          true  | {"spec":{"ports":[{"port":3306,"protocol":"TCP","name":"db"}]}}
          false | {"spec":{"ports":[{"port":3306,"targetPort":3306}]}}
          false | {"spec":{"ports":[{"port":3307}]}}
          false | {"spec":{"ports":[{"port":3306,"protocol":"UDP"}]}}
          true  | {"spec":{"empty":{}}}
          true  | {"spec":{"absent":null}}
          false | {"spec":{"absent":{}}}
          """)
  void comparePathsAndNeverValues(boolean covered, String desired) throws Exception {
    assertThat(owned().cover(parse(desired))).isEqualTo(covered);
  }

  @Test
  void tellsWhichKeysOfAMapAreOwned() throws Exception {
    assertThat(owned().keys("metadata", "labels")).containsExactly("a");
    assertThat(owned().keys("metadata", "annotations")).isEmpty();
    assertThat(owned().keys("spec", "absent", "deeper")).isEmpty();
  }

  private static OwnedFields owned() throws JsonProcessingException {
    return new OwnedFields(new ObjectMapper().readValue(OWNED, new TypeReference<>() {}));
  }

  private static JsonNode parse(String json) throws JsonProcessingException {
    return new ObjectMapper().readTree(json);
  }
}
