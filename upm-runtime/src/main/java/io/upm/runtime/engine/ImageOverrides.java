package io.upm.runtime.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.upm.spi.engine.EngineDescriptor;
import io.upm.spi.engine.EngineVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Images that an installation uses instead of the plugins' own, such as those of a mirror.
 *
 * @param images image by engine, then by version or by name of a series; in an image named by
 *     series {@code {version}} stands for the version
 */
public record ImageOverrides(Map<String, Map<String, String>> images) {
  public static final ImageOverrides NONE = new ImageOverrides(Map.of());

  public ImageOverrides {
    images = Map.copyOf(images);
  }

  /**
   * Reads {@code {"<engine>": {"<version or series>": "<image>"}}}; a file that does not exist
   * overrides nothing.
   *
   * @throws IllegalArgumentException when the file holds something else
   */
  public static ImageOverrides read(Path file) {
    if (!Files.exists(file)) {
      return NONE;
    }
    try {
      return new ImageOverrides(
          new JsonMapper().readValue(Files.readString(file), new TypeReference<>() {}));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "%s does not hold image overrides: %s".formatted(file, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new UncheckedIOException("image overrides can't be read: " + file, e);
    }
  }

  /** These, with some that come before them for one engine. */
  public ImageOverrides with(String engine, Map<String, String> first) {
    if (first.isEmpty()) {
      return this;
    }
    var ofEngine = new HashMap<>(images.getOrDefault(engine, Map.of()));
    ofEngine.putAll(first);
    var all = new HashMap<>(images);
    all.put(engine, Map.copyOf(ofEngine));
    return new ImageOverrides(all);
  }

  /** The image of a version: the exact version first, then its series. */
  public Optional<String> find(EngineDescriptor engine, EngineVersion version) {
    Map<String, String> ofEngine = images.getOrDefault(engine.engine(), Map.of());
    String exact = ofEngine.get(version.toString());
    if (exact != null) {
      return Optional.of(exact);
    }
    return engine
        .seriesOf(version)
        .flatMap(series -> Optional.ofNullable(ofEngine.get(series.name())))
        .map(image -> image.replace("{version}", version.toString()));
  }
}
