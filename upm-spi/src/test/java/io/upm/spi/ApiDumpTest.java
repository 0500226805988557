package io.upm.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The public surface of the SPI, line by line, is checked in as {@code api/upm-spi.api}. A change
 * of it is a decision: run the tests with {@code -Dupm.api.update=true} and let the review see the
 * difference.
 */
class ApiDumpTest {
  private static final Path DUMP = Path.of("api", "upm-spi.api");

  @Test
  void publicSurfaceIsTheOneThatWasAgreed() throws IOException {
    String current = dump();
    if (Boolean.getBoolean("upm.api.update")) {
      Files.writeString(DUMP, current);
    }

    assertThat(current).isEqualTo(Files.readString(DUMP));
  }

  private static String dump() throws IOException {
    Path classes = Path.of("target", "classes");
    var lines = new TreeSet<String>();
    try (var files = Files.walk(classes)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        String name =
            classes.relativize(file).toString().replace('/', '.').replaceAll("\\.class$", "");
        if (!name.endsWith("package-info")) {
          describe(load(name), lines);
        }
      }
    }
    return String.join("\n", lines) + "\n";
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, ApiDumpTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(name, e);
    }
  }

  private static void describe(Class<?> type, TreeSet<String> lines) {
    if (!Modifier.isPublic(type.getModifiers())) {
      return;
    }
    String name = type.getName();
    lines.add(
        "%s %s%s"
            .formatted(
                name, Modifier.toString(type.getModifiers()), type.isRecord() ? " record" : ""));
    for (Field field : type.getDeclaredFields()) {
      if (visible(field.getModifiers()) && !field.isSynthetic()) {
        lines.add(
            "%s#%s %s %s"
                .formatted(
                    name,
                    field.getName(),
                    Modifier.toString(field.getModifiers()),
                    field.getGenericType().getTypeName()));
      }
    }
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (visible(constructor.getModifiers())) {
        lines.add(name + "#<init>" + parameters(constructor));
      }
    }
    for (Method method : type.getDeclaredMethods()) {
      if (visible(method.getModifiers()) && !method.isSynthetic()) {
        lines.add(
            "%s#%s%s %s %s"
                .formatted(
                    name,
                    method.getName(),
                    parameters(method),
                    Modifier.toString(method.getModifiers()),
                    method.getGenericReturnType().getTypeName()));
      }
    }
  }

  private static boolean visible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static String parameters(Executable executable) {
    return Arrays.stream(executable.getGenericParameterTypes())
        .map(Type::getTypeName)
        .collect(Collectors.joining(",", "(", ")"));
  }
}
