package io.upm.spi;

import japicmp.cmp.JApiCmpArchive;
import japicmp.cmp.JarArchiveComparator;
import japicmp.cmp.JarArchiveComparatorOptions;
import japicmp.config.Options;
import japicmp.model.JApiBehavior;
import japicmp.model.JApiClass;
import japicmp.model.JApiCompatibility;
import japicmp.model.JApiCompatibilityChange;
import japicmp.model.JApiCompatibilityChangeType;
import japicmp.model.JApiField;
import japicmp.model.JApiImplementedInterface;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a plugin that was built against an older SPI would trip over. */
final class ApiChanges {
  /** Plugins call these and never implement them, so they may grow. */
  private static final Set<String> IMPLEMENTED_BY_THE_HOST =
      Set.of(
          "io.upm.spi.RuntimeContext",
          "io.upm.spi.instance.AgentContext",
          "io.upm.spi.instance.Accounts",
          "io.upm.spi.instance.ProcessRunner",
          "io.upm.spi.action.ActionContext",
          "io.upm.spi.store.ObjectStore",
          "io.upm.spi.topology.Nodes");

  private static final Set<JApiCompatibilityChangeType> GROWTH =
      Set.of(
          JApiCompatibilityChangeType.METHOD_ADDED_TO_INTERFACE,
          JApiCompatibilityChangeType.METHOD_ABSTRACT_ADDED_IN_IMPLEMENTED_INTERFACE);

  private final List<String> found = new ArrayList<>();

  private ApiChanges() {}

  /** Each change that breaks a plugin, binary or when it is compiled again; one line for each. */
  static List<String> breaking(JApiCmpArchive older, JApiCmpArchive newer) {
    Options options = Options.newDefault();
    options.setIgnoreMissingClasses(true);
    var comparator = new JarArchiveComparator(JarArchiveComparatorOptions.of(options));
    var changes = new ApiChanges();
    comparator.compare(older, newer).forEach(changes::look);
    return List.copyOf(changes.found);
  }

  private void look(JApiClass type) {
    String name = type.getFullyQualifiedName();
    look(name, "", type);
    look(name, " extends", type.getSuperclass());
    for (JApiImplementedInterface one : type.getInterfaces()) {
      look(name, " implements " + one.getFullyQualifiedName(), one);
    }
    for (JApiField field : type.getFields()) {
      look(name, "#" + field.getName(), field);
    }
    for (JApiBehavior constructor : type.getConstructors()) {
      look(name, "#<init>" + parameters(constructor), constructor);
    }
    for (JApiBehavior method : type.getMethods()) {
      look(name, "#" + method.getName() + parameters(method), method);
    }
  }

  private static String parameters(JApiBehavior behavior) {
    return behavior.getParameters().stream()
        .map(parameter -> parameter.getType())
        .toList()
        .toString();
  }

  private void look(String type, String member, JApiCompatibility part) {
    for (JApiCompatibilityChange change : part.getCompatibilityChanges()) {
      boolean breaks = !change.isBinaryCompatible() || !change.isSourceCompatible();
      boolean growth = GROWTH.contains(change.getType()) && IMPLEMENTED_BY_THE_HOST.contains(type);
      if (breaks && !growth) {
        found.add("%s%s: %s".formatted(type, member, change.getType()));
      }
    }
  }
}
