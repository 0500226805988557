package io.upm.host.plugin;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.upm.spi.EnginePlugin;
import jakarta.validation.Valid;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.slf4j.Logger;

/**
 * Zips of plugins, compiled when a test asks for them, so that no class of theirs is on our class
 * path.
 */
final class TestPlugins {
  static final String SERVICES = "classes/META-INF/services/io.upm.spi.EnginePlugin";

  private static final Map<Map<String, String>, Map<String, byte[]>> COMPILED =
      new ConcurrentHashMap<>();

  private final SortedMap<String, byte[]> entries = new TreeMap<>();

  /** A plugin that is as it should be; {@code sample.Sample} says what it can do. */
  static TestPlugins sample(String version) {
    return new TestPlugins()
        .properties("sample", version, ">=0.1.0 & <0.2.0")
        .text(SERVICES, "sample.Sample\n")
        .classes(
            Map.of(
                "sample.Sample",
                source("Sample"),
                "sample.Missing",
                "package sample; class Missing {}"))
        .without("classes/sample/Missing.class");
  }

  static String source(String name) {
    try (var in = TestPlugins.class.getResourceAsStream("/plugins/" + name + ".java.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  TestPlugins properties(String id, String version, String requires) {
    return text(
        "plugin.properties",
        "plugin.id=%s\nplugin.version=%s\nplugin.requires=%s\n".formatted(id, version, requires));
  }

  TestPlugins text(String name, String text) {
    return bytes(name, text.getBytes(StandardCharsets.UTF_8));
  }

  TestPlugins bytes(String name, byte[] content) {
    entries.put(name, content);
    return this;
  }

  TestPlugins without(String name) {
    entries.remove(name);
    return this;
  }

  /** Compiles sources by class name into {@code classes/}. */
  TestPlugins classes(Map<String, String> sources) {
    COMPILED
        .computeIfAbsent(sources, TestPlugins::compile)
        .forEach((name, bytes) -> bytes("classes/" + name, bytes));
    return this;
  }

  Path writeTo(Path zip) throws IOException {
    return Files.write(zip, zip(entries));
  }

  static byte[] zip(Map<String, byte[]> entries) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ZipOutputStream(bytes)) {
      out.setLevel(Deflater.BEST_SPEED);
      for (var entry : entries.entrySet()) {
        out.putNextEntry(new ZipEntry(entry.getKey()));
        out.write(entry.getValue());
        out.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  /** Class files by path. */
  static Map<String, byte[]> compile(Map<String, String> sources) {
    try {
      Path output = Files.createTempDirectory("upm-test-classes");
      List<JavaFileObject> files = new ArrayList<>();
      sources.forEach((name, text) -> files.add(new Source(name, text)));
      boolean compiled =
          ToolProvider.getSystemJavaCompiler()
              .getTask(
                  null,
                  null,
                  null,
                  List.of("-d", output.toString(), "-cp", classPath(), "-proc:none"),
                  null,
                  files)
              .call();
      if (!compiled) {
        throw new IllegalStateException("the test plugin does not compile");
      }
      var classes = new TreeMap<String, byte[]>();
      try (var tree = Files.walk(output)) {
        for (Path file : tree.filter(Files::isRegularFile).toList()) {
          classes.put(output.relativize(file).toString(), Files.readAllBytes(file));
        }
      }
      return classes;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String classPath() {
    return List.of(EnginePlugin.class, Logger.class, JsonProperty.class, Valid.class).stream()
        .map(TestPlugins::location)
        .collect(Collectors.joining(System.getProperty("path.separator")));
  }

  private static String location(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String className, String text) {
      super(
          URI.create("string:///" + className.replace('.', '/') + Kind.SOURCE.extension),
          Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
