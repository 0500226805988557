package io.upm.runtime.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What users keep in ConfigMaps. Pure; what can't be read says nothing. */
public final class SharedConfig {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final YAMLMapper YAML = new YAMLMapper();

  private SharedConfig() {}

  /** Port numbers by name out of the key {@code <type>_ports}. */
  public static SortedMap<String, Integer> ports(Map<String, String> data, String type) {
    var ports = new TreeMap<String, Integer>();
    String text = data.get(type.replace('-', '_') + "_ports");
    if (text == null) {
      return ports;
    }
    try {
      for (JsonNode port : JSON.readTree(text)) {
        int number = port.path("containerPort").asInt();
        String name = port.path("name").asText();
        if (!name.isEmpty() && number > 0 && number <= 65535) {
          ports.put(name, number);
        }
      }
    } catch (JsonProcessingException e) {
      ports.clear();
    }
    return ports;
  }

  /**
   * Parameter values: each key that is a name of its own, and the YAML under the key of the
   * engine's type, where sections such as {@code server:} are looked through.
   */
  public static SortedMap<String, JsonNode> parameters(Map<String, String> data, String type) {
    var values = new TreeMap<String, JsonNode>();
    data.forEach((key, text) -> {
      if (!key.equals(type)) {
        values.put(key, JSON.getNodeFactory().textNode(text.strip()));
      }
    });
    String yaml = data.get(type);
    if (yaml != null) {
      try {
        collect(YAML.readTree(yaml), values);
      } catch (JsonProcessingException e) {
        values.put(type, JSON.getNodeFactory().textNode(yaml));
      }
    }
    return values;
  }

  private static void collect(JsonNode node, SortedMap<String, JsonNode> values) {
    node.properties()
        .forEach(entry -> {
          if (entry.getValue().isObject()) {
            collect(entry.getValue(), values);
          } else {
            values.put(entry.getKey(), entry.getValue());
          }
        });
  }
}
