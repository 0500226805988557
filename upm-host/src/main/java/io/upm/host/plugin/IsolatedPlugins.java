package io.upm.host.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.pf4j.DefaultPluginManager;
import org.pf4j.PluginClassLoader;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginDescriptorFinder;
import org.pf4j.PluginLoader;
import org.pf4j.PluginManager;
import org.pf4j.PropertiesPluginDescriptorFinder;

/**
 * A pf4j manager for exactly one plugin: pf4j refuses two versions of one id in a manager, and is
 * not safe for concurrent use. Plugins are loaded, never "started": what there is to start, the
 * host starts.
 */
final class IsolatedPlugins extends DefaultPluginManager {
  IsolatedPlugins(Path workDirectory, String spiVersion) {
    super(workDirectory);
    setSystemVersion(spiVersion);
  }

  @Override
  protected PluginDescriptorFinder createPluginDescriptorFinder() {
    return new PropertiesPluginDescriptorFinder();
  }

  @Override
  protected PluginLoader createPluginLoader() {
    return new Loader(this);
  }

  /** Class path in a fixed order: {@code classes/}, then the jars of {@code lib/} by name. */
  private record Loader(PluginManager manager) implements PluginLoader {
    @Override
    public boolean isApplicable(Path directory) {
      return Files.isDirectory(directory);
    }

    @Override
    public ClassLoader loadPlugin(Path directory, PluginDescriptor descriptor) {
      var loader = new IsolatedClassLoader(manager, descriptor);
      try {
        loader.addURL(directory.resolve("classes/").toUri().toURL());
        for (Path jar : jars(directory.resolve("lib"))) {
          loader.addURL(jar.toUri().toURL());
        }
      } catch (MalformedURLException e) {
        throw new UncheckedIOException(e);
      }
      return loader;
    }

    private static List<Path> jars(Path directory) {
      if (!Files.isDirectory(directory)) {
        return List.of();
      }
      try (var files = Files.list(directory)) {
        return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Own classes first, except for those that host and plugins share. */
  private static final class IsolatedClassLoader extends PluginClassLoader {
    IsolatedClassLoader(PluginManager manager, PluginDescriptor descriptor) {
      super(manager, descriptor, SharedClasses.OF_HOST);
    }

    @Override
    protected boolean shouldDelegateToParent(String className) {
      return SharedClasses.shares(className);
    }
  }
}
