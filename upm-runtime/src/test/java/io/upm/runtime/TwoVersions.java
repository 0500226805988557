package io.upm.runtime;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * One runtime for all tests of a class, and for each of them a plugin of its own, in two versions.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TwoVersions {
  @TempDir static Path root;

  PluginScene scene;

  @BeforeAll
  void open() throws IOException, InterruptedException {
    scene = PluginScene.ofToy(root);
  }

  @BeforeEach
  void begin() throws IOException {
    scene.next();
    scene.zip("1.0.0", "1 2");
    scene.zip("1.1.0", "1 2");
  }

  @AfterAll
  void close() {
    if (scene != null) {
      scene.close();
    }
  }
}
