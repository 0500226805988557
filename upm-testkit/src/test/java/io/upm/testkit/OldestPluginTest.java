package io.upm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.upm.spi.EnginePlugin;
import io.upm.testkit.crd.TopologyCrd;
import io.upm.testkit.paper.Paper;
import io.upm.testkit.paper.PaperPair;
import jakarta.validation.Valid;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/**
 * A plugin that was compiled against the oldest supported SPI, as it was released, keeps the
 * contract of this one, and is loaded and unloaded by this host.
 */
class OldestPluginTest {
  private static final Path SOURCES =
      Path.of("src", "test", "java", "io", "upm", "testkit", "paper");
  private static final Path RELEASED = Path.of("..", "upm-spi", "api");

  /** The contract with a plugin of an older SPI; no test by its name. */
  static class OlderContract extends EnginePluginContract {
    @SuppressWarnings("NullAway.Init") // by the test
    private static Class<?> subject;

    @Override
    public EnginePlugin plugin() {
      try {
        return (EnginePlugin) subject.getConstructor().newInstance();
      } catch (ReflectiveOperationException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public List<String> documentedManifests() {
      return List.of(PaperContract.MANIFEST);
    }
  }

  @Test
  void keepsTheContractOfThisVersion(@TempDir Path directory) throws Exception {
    Path classes = compile(Files.createDirectories(directory.resolve("classes")));
    Path zip = PaperZip.write(directory, classes, TopologyCrd.yaml(new PaperPair().descriptor()));
    System.setProperty(PackageContract.ZIP, zip.toString());
    try (var loader = new URLClassLoader(new URL[] {url(classes)}, new WithoutPaper())) {
      OlderContract.subject = loader.loadClass(Paper.class.getName());
      assertThat(OlderContract.subject).isNotEqualTo(Paper.class);

      Events tests =
          EngineTestKit.engine("junit-jupiter")
              .selectors(selectClass(OlderContract.class))
              .execute()
              .allEvents();

      assertThat(tests.failed().list()).isEmpty();
      assertThat(tests.aborted().count()).isZero();
      assertThat(tests.succeeded().count()).isGreaterThan(30);
    } finally {
      System.clearProperty(PackageContract.ZIP);
    }
  }

  /** With nothing of the SPI on the class path but its oldest supported version. */
  private static Path compile(Path into) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    String classPath =
        Stream.of(
                oldest(),
                location(Nullable.class),
                location(Valid.class),
                location(JsonProperty.class))
            .map(Path::toString)
            .collect(Collectors.joining(System.getProperty("path.separator")));
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      var options = List.of("-d", into.toString(), "-proc:none", "-parameters", "-cp", classPath);
      boolean compiled =
          compiler
              .getTask(
                  null, files, null, options, null, files.getJavaFileObjectsFromPaths(sources()))
              .call();
      assertThat(compiled).as("compiles against %s", oldest()).isTrue();
    }
    return into;
  }

  /** Baselines of versions that are not supported any more are removed from there. */
  private static Path oldest() throws IOException {
    try (var files = Files.list(RELEASED)) {
      return files
          .filter(file -> file.toString().endsWith(".jar"))
          .min(Comparator.comparing(OldestPluginTest::version))
          .orElseThrow();
    }
  }

  private static Runtime.Version version(Path jar) {
    return Runtime.Version.parse(
        String.valueOf(jar.getFileName()).replaceAll("^upm-spi-0\\.|^upm-spi-|\\.jar$", ""));
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files.sorted().toList();
    }
  }

  private static Path location(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
  }

  private static URL url(Path directory) throws MalformedURLException {
    return directory.toUri().toURL();
  }

  /** All but the engine that is to come from elsewhere. */
  private static final class WithoutPaper extends ClassLoader {
    WithoutPaper() {
      super(OldestPluginTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith(Paper.class.getPackageName() + ".")) {
        throw new ClassNotFoundException(name);
      }
      return super.loadClass(name, resolve);
    }
  }
}
