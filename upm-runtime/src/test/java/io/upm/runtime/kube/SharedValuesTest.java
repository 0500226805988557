package io.upm.runtime.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SharedValuesTest {
  private static final String POD =
      """
      {"apiVersion": "v1", "kind": "Pod",
       "metadata": {"name": "%s", "labels": {"team": "billing-and-payments"}, "annotations": {"long": "%s"},
         "managedFields": [{"manager": "upm-unit", "operation": "Update", "fieldsType": "FieldsV1",
           "fieldsV1": {
             "f:metadata": {"f:ownerReferences": {"k:{\\"uid\\":\\"%1$s\\"}": {}}},
             "f:spec": {"f:containers": {"k:{\\"name\\":\\"db\\"}": {".": {}, "f:image": {}}}}}}]},
       "spec": {"nodeName": null, "priority": 7}}
      """;

  private static final String LONG = "x".repeat(200);

  private final KubernetesSerialization shared =
      new KubernetesSerialization(new ObjectMapper().registerModule(new SharedValues()), true);

  @Test
  void readsWhatTheClientReads() {
    String text = POD.formatted("db-0", LONG);

    assertThat(shared.unmarshal(text, Pod.class))
        .isEqualTo(new KubernetesSerialization().unmarshal(text, Pod.class));
  }

  @Test
  void keepsEqualValuesOnce() {
    Pod one = shared.unmarshal(POD.formatted("db-0", LONG), Pod.class);
    Pod other = shared.unmarshal(POD.formatted("db-1", LONG), Pod.class);

    assertThat(one.getMetadata().getLabels().get("team"))
        .isEqualTo("billing-and-payments")
        .isSameAs(other.getMetadata().getLabels().get("team"));
    assertThat(spec(one))
        .isSameAs(spec(other))
        .isEqualTo(
            Map.of(
                "f:containers",
                Map.of("k:{\"name\":\"db\"}", Map.of(".", Map.of(), "f:image", Map.of()))));
    assertThat(fields(one)).isNotEqualTo(fields(other));
  }

  @Test
  void readsFieldsThatAreEmptyOrNoMaps() {
    assertThat(fields("{}")).isEmpty();
    assertThat(fields("{\"f:a\": {\"f:b\": [1, {\"x\": 2}], \"f:c\": 1}, \"f:d\": {}}"))
        .isEqualTo(Map.of("f:a", Map.of("f:b", Map.of(), "f:c", Map.of()), "f:d", Map.of()));
  }

  private Map<String, Object> fields(String json) {
    return shared.unmarshal(json, FieldsV1.class).getAdditionalProperties();
  }

  private static Map<String, Object> fields(Pod pod) {
    return pod.getMetadata().getManagedFields().getFirst().getFieldsV1().getAdditionalProperties();
  }

  private static Object spec(Pod pod) {
    return Objects.requireNonNull(fields(pod).get("f:spec"));
  }
}
