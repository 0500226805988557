package io.upm.host.plugin;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a plugin sees of its host: the JDK, and the packages that both must have in common. A
 * library that a plugin forgot to bring is missing at once, instead of working by accident with
 * whatever version the host happens to have.
 */
final class SharedClasses extends ClassLoader {
  /** Packages with one identity for host and plugins. */
  static final List<String> PREFIXES =
      List.of(
          "io.upm.spi.",
          "org.slf4j.",
          "com.fasterxml.jackson.annotation.",
          "jakarta.validation.",
          "org.jspecify.");

  static final SharedClasses OF_HOST = new SharedClasses(SharedClasses.class.getClassLoader());

  private final ClassLoader host;

  private SharedClasses(ClassLoader host) {
    super("upm-shared", ClassLoader.getPlatformClassLoader());
    this.host = host;
  }

  static boolean shares(String className) {
    return PREFIXES.stream().anyMatch(className::startsWith);
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (!shares(name)) {
      throw new ClassNotFoundException(name);
    }
    return host.loadClass(name);
  }

  @Override
  protected @Nullable URL findResource(String name) {
    return shares(name.replace('/', '.')) ? host.getResource(name) : null;
  }

  @Override
  protected Enumeration<URL> findResources(String name) throws IOException {
    return shares(name.replace('/', '.'))
        ? host.getResources(name)
        : Collections.emptyEnumeration();
  }
}
