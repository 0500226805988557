package io.upm.runtime.topology;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One topology object, as young as it is known here, and its status. Status is replaced as a whole,
 * and only in the state of the object that was looked at: whoever wrote in between wins, and the
 * look is made again. So what is remembered is never undone by a runtime that has been replaced.
 *
 * <p>Used by one thread; {@link #wrote} by others.
 */
final class StatusWriter {
  /** Somebody else changed the object. */
  static final class ChangedMeanwhile extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /** What was written last, and what the API server made of it, which may prune fields. */
  private record Written(JsonNode desired, TopologyResource result, long nanoTime) {}

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;

  private final MixedOperation<GenericKubernetesResource, ?, Resource<GenericKubernetesResource>>
      objects;
  private final ObjectKey key;
  private final Supplier<Optional<TopologyResource>> cache;
  private @Nullable TopologyResource fresh;
  private volatile @Nullable Written written;

  StatusWriter(
      MixedOperation<GenericKubernetesResource, ?, Resource<GenericKubernetesResource>> objects,
      ObjectKey key,
      Supplier<Optional<TopologyResource>> cache) {
    this.objects = objects;
    this.key = key;
    this.cache = cache;
  }

  /**
   * The object: asked for the first time and after {@link #forget}, else the younger one of the
   * cache and of what was written. Empty when it is gone.
   */
  Optional<TopologyResource> current() {
    TopologyResource known = fresh;
    if (known == null) {
      var read =
          Optional.ofNullable(objects.inNamespace(key.namespace()).withName(key.name()).get())
              .map(TopologyResource::new);
      fresh = read.orElse(null);
      return read;
    }
    return cache.get().map(cached -> TopologyResource.younger(known, cached));
  }

  /** Has the API server asked next time. */
  void forget() {
    fresh = null;
  }

  /** Whether this is the state that was written here. */
  boolean wrote(TopologyResource object) {
    Written last = written;
    return last != null && last.result().version().equals(object.version());
  }

  /**
   * Writes the status if that is worth it.
   *
   * @param base the state of the object that the status speaks of
   * @return whether it was written
   * @throws ChangedMeanwhile when the object is no longer in that state
   */
  boolean write(TopologyResource base, JsonNode desired) throws ChangedMeanwhile {
    Written last = written;
    JsonNode baseline = base.status();
    Duration age = StatusDocument.GAUGE_INTERVAL;
    if (last != null) {
      boolean ours = baseline.equals(last.result().status());
      baseline = ours ? last.desired() : baseline;
      age = Duration.ofNanos(System.nanoTime() - last.nanoTime());
    }
    if (!StatusDocument.worthWriting(baseline, desired, age)) {
      return false;
    }
    var result = new TopologyResource(replace(base, desired));
    fresh = result;
    written = new Written(desired, result, System.nanoTime());
    return true;
  }

  private GenericKubernetesResource replace(TopologyResource base, JsonNode desired)
      throws ChangedMeanwhile {
    GenericKubernetesResource next =
        new GenericKubernetesResourceBuilder(base.raw())
            .addToAdditionalProperties("status", MAPPER.convertValue(desired, Map.class))
            .build();
    try {
      return objects.inNamespace(key.namespace()).resource(next).updateStatus();
    } catch (KubernetesClientException e) {
      if (e.getCode() == CONFLICT || e.getCode() == NOT_FOUND) {
        forget();
        throw new ChangedMeanwhile();
      }
      throw e;
    }
  }
}
