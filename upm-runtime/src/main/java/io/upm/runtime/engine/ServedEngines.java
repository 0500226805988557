package io.upm.runtime.engine;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells everybody which engines there are: the ConfigMap {@code upm-engines} in the runtime's
 * namespace, with a line for each. Plugin objects don't say what came with the runtime, nor that
 * nothing did.
 */
public final class ServedEngines {
  private static final Logger LOG = LoggerFactory.getLogger(ServedEngines.class);
  private static final String NAME = "upm-engines";
  private static final int FORBIDDEN = 403;
  private static final Map<String, String> LABELS =
      Map.of("app.kubernetes.io/part-of", "upm", "upm.syntropycloud.io/tells", "engines");

  private final KubernetesClient client;
  private final EngineRegistry engines;
  private final String namespace;

  public ServedEngines(KubernetesClient client, EngineRegistry engines, String namespace) {
    this.client = client;
    this.engines = engines;
    this.namespace = namespace;
  }

  /** Writes what is served, unless that is what stands there. A failure is logged. */
  public void tell() {
    Map<String, String> data =
        engines.all().stream()
            .collect(
                Collectors.toMap(
                    engine -> engine.descriptor().engine(),
                    engine -> "%s %s".formatted(engine.plugin().id(), engine.plugin().version())));
    try {
      ConfigMap found = client.configMaps().inNamespace(namespace).withName(NAME).get();
      if (found == null || !data.equals(content(found))) {
        client
            .resource(
                new ConfigMapBuilder()
                    .withNewMetadata()
                    .withName(NAME)
                    .withNamespace(namespace)
                    .withLabels(LABELS)
                    .endMetadata()
                    .withData(data)
                    .build())
            .forceConflicts()
            .fieldManager(NAME)
            .serverSideApply();
      }
    } catch (KubernetesClientException e) {
      LOG.warn("ConfigMap {}/{} can't be brought up to date", namespace, NAME, e);
    }
  }

  /**
   * The engines of a cluster, each with the plugin that serves it; empty when no runtime has told,
   * or who asks may not know.
   */
  public static Optional<SortedMap<String, String>> of(KubernetesClient client) {
    List<ConfigMap> told;
    try {
      told = client.configMaps().inAnyNamespace().withLabels(LABELS).list().getItems();
    } catch (KubernetesClientException e) {
      if (e.getCode() == FORBIDDEN) {
        return Optional.empty();
      }
      throw e;
    }
    if (told.isEmpty()) {
      return Optional.empty();
    }
    var engines = new TreeMap<String, String>();
    told.forEach(one -> engines.putAll(content(one)));
    return Optional.of(engines);
  }

  private static Map<String, String> content(ConfigMap map) {
    return map.getData() == null ? Map.of() : map.getData();
  }
}
