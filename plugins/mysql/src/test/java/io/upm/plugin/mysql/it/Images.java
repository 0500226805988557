package io.upm.plugin.mysql.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.upm.spi.engine.EngineVersion;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.testcontainers.DockerClientFactory;

/**
 * Images to test with: those of the system property {@value #PROPERTY}, or else all local ones that
 * {@code images/podman-setup} makes.
 */
final class Images {
  static final String PROPERTY = "upm.mysql.images";
  private static final String OURS = "upm.local/mysql:";

  private Images() {}

  /**
   * Names of images, oldest version first. Without a container runtime the test is skipped; with
   * one that has no image it fails.
   */
  static List<String> all() {
    assumeTrue(
        DockerClientFactory.instance().isDockerAvailable(),
        "no container runtime: run images/podman-setup and export what it prints");
    List<String> images = named();
    if (images.isEmpty()) {
      throw new IllegalStateException(
          "no image of MySQL: run images/podman-setup, or name some with -D" + PROPERTY);
    }
    return images.stream().sorted(Comparator.comparing(Images::version)).toList();
  }

  static EngineVersion version(String image) {
    return EngineVersion.parse(image.substring(image.lastIndexOf(':') + 1));
  }

  private static List<String> named() {
    String property = System.getProperty(PROPERTY, "");
    if (!property.isEmpty()) {
      return List.of(property.split(",", -1));
    }
    return DockerClientFactory.lazyClient().listImagesCmd().exec().stream()
        .filter(image -> image.getRepoTags() != null)
        .flatMap(image -> Arrays.stream(image.getRepoTags()))
        .filter(tag -> tag.startsWith(OURS))
        .distinct()
        .toList();
  }
}
