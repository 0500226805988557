package io.upm.agent.testplugin;

import io.upm.spi.PluginException;
import io.upm.spi.config.Impact;
import io.upm.spi.config.ParameterChange;
import io.upm.spi.instance.Instance;
import io.upm.spi.instance.LiveParameters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;

/**
 * {@code live} is in force at once: what a file on the data volume says is what the engine has. Its
 * value {@code no} is refused, and one that begins with {@code slow} hangs as long as a file of
 * that name is there.
 */
final class TestLiveParameters implements LiveParameters {
  static final String PARAMETER = "live";

  @Override
  public List<ParameterChange> changes(Instance instance, Path before, Path after) {
    Properties one = read(before);
    Properties other = read(after);
    var names = new TreeSet<>(one.stringPropertyNames());
    names.addAll(other.stringPropertyNames());
    var changes = new ArrayList<ParameterChange>();
    for (String name : names) {
      String from = one.getProperty(name, "");
      String to = other.getProperty(name, "");
      if (!from.equals(to)) {
        Impact impact = name.equals(PARAMETER) ? Impact.DYNAMIC : Impact.RESTART;
        changes.add(new ParameterChange(name, from, to, impact));
      }
    }
    return changes;
  }

  @Override
  public void apply(Instance instance, List<ParameterChange> changes) {
    for (ParameterChange change : changes) {
      if (change.after().equals("no")) {
        throw PluginException.user("live could not become \"no\"");
      }
      try {
        Files.writeString(file(instance), change.after());
        Path slow = instance.layout().data().resolve("slow");
        while (change.after().startsWith("slow") && Files.exists(slow)) {
          LockSupport.parkNanos(20_000_000);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public List<String> drift(Instance instance, Path configuration) {
    try {
      String has = Files.exists(file(instance)) ? Files.readString(file(instance)) : "";
      String wanted = read(configuration).getProperty(PARAMETER, "");
      return has.equals(wanted)
          ? List.of()
          : List.of("live is \"%s\" instead of \"%s\"".formatted(has, wanted));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path file(Instance instance) {
    return instance.layout().data().resolve(PARAMETER);
  }

  private static Properties read(Path configuration) {
    var values = new Properties();
    try (var reader = Files.newBufferedReader(configuration.resolve("engine.conf"))) {
      values.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return values;
  }
}
