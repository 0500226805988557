package io.upm.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/** Looks through the classes of a plugin, those in its package and below, for static state. */
final class StaticState {
  private static final List<String> MUTABLE =
      List.of(
          "java.util.concurrent.atomic.",
          "java.util.concurrent.locks.",
          "java.lang.StringBu",
          "java.util.Timer",
          "java.util.Random");

  private final Class<?> plugin;

  StaticState(Class<?> plugin) {
    this.plugin = plugin;
  }

  /** One line for each field, with what is wrong with it. */
  List<String> findings() {
    var findings = new ArrayList<String>();
    for (Class<?> type : classes()) {
      for (Field field : type.getDeclaredFields()) {
        if (Modifier.isStatic(field.getModifiers()) && !field.isSynthetic()) {
          String wrong = wrong(field);
          if (!wrong.isEmpty()) {
            findings.add("%s.%s %s".formatted(type.getName(), field.getName(), wrong));
          }
        }
      }
    }
    return findings;
  }

  private static String wrong(Field field) {
    if (!Modifier.isFinal(field.getModifiers())) {
      return "is not final";
    }
    if (field.getType().isArray()) {
      return "is an array";
    }
    if (field.getType().isPrimitive() || field.getType() == String.class) {
      return "";
    }
    try {
      field.setAccessible(true);
      Object value = field.get(null);
      return value == null ? "" : wrong(value);
    } catch (IllegalAccessException | RuntimeException | LinkageError e) {
      return "can't be looked at: " + e;
    }
  }

  private static String wrong(Object value) {
    String type = value.getClass().getName();
    boolean collection = value instanceof Collection || value instanceof Map;
    boolean fixed =
        type.startsWith("java.util.ImmutableCollections")
            || type.startsWith("java.util.Collections$");
    boolean mutable =
        (collection && !fixed)
            || value instanceof Thread
            || value instanceof ThreadLocal
            || value instanceof Executor
            || MUTABLE.stream().anyMatch(type::startsWith);
    return mutable ? "holds a " + type : "";
  }

  private List<Class<?>> classes() {
    try {
      URI source = plugin.getProtectionDomain().getCodeSource().getLocation().toURI();
      Path path = Path.of(source);
      if (Files.isDirectory(path)) {
        return classes(path);
      }
      try (FileSystem jar = FileSystems.newFileSystem(path)) {
        return classes(jar.getPath("/"));
      }
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Class<?>> classes(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .map(file -> root.relativize(file).toString())
          .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF"))
          .filter(name -> !name.endsWith("-info.class"))
          .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
          .filter(name -> name.startsWith(plugin.getPackageName() + "."))
          .<Class<?>>map(this::load)
          .toList();
    }
  }

  private Class<?> load(String name) {
    try {
      return Class.forName(name, false, plugin.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(name, e);
    }
  }
}
