package io.upm.runtime.cli;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code upm get}. */
@Command(
    name = "get",
    description = {"Lists UnitSets, Units and topologies in one table."},
    mixinStandardHelpOptions = true,
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE,
      ExitCodes.WRONG_USE,
      ExitCodes.NOTHING_FOUND,
      ExitCodes.REFUSED
    },
    footerHeading = "%nExample:%n",
    footer = {"  upm get --all-namespaces", "  upm get units demo-0 -o yaml", "  upm get sets -w"})
final class GetCommand implements Callable<Integer> {
  /** How the list is written. */
  enum Format {
    TEXT,
    WIDE,
    JSON,
    YAML,
    NAME
  }

  /** A watch that the server ended is begun again. */
  private record Change(@Nullable GenericKubernetesResource object, boolean deleted) {
    static final Change LOST = new Change(null, false);
  }

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin private final Connection connection = new Connection();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "WHAT",
      defaultValue = "all",
      description = "all (when not given), sets, units, topologies, or a kind such as unitset.")
  @SuppressWarnings("NullAway.Init") // it has a default
  private String what;

  @Parameters(index = "1..*", paramLabel = "NAME", description = "Only objects of these names.")
  private List<String> names = List.of();

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "In all namespaces.")
  private boolean everywhere;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "text, wide (nothing shortened), json, yaml or name; text when not given.")
  private Format output = Format.TEXT;

  @Option(
      names = {"-w", "--watch"},
      description = "Goes on with a line for each change, until it is interrupted.")
  private boolean watch;

  @Override
  public Integer call() throws InterruptedException {
    if (watch && (output == Format.JSON || output == Format.YAML)) {
      throw new CliException(ExitCodes.USAGE, "--watch goes with text, wide and name");
    }
    try (KubernetesClient client = connection.open()) {
      Optional<String> namespace =
          everywhere ? Optional.empty() : Optional.of(connection.namespace(client));
      var reader = new ListReader(client, namespace, what);
      List<GenericKubernetesResource> objects = meant(reader.read());
      if (!names.isEmpty() && objects.isEmpty()) {
        throw CliException.notFound("object", String.join(", ", names), namespace.orElse("any"));
      }
      print(objects, namespace);
      if (watch) {
        follow(reader);
      }
      return ExitCodes.OK;
    }
  }

  private List<GenericKubernetesResource> meant(List<GenericKubernetesResource> objects) {
    return objects.stream()
        .filter(object -> names.isEmpty() || names.contains(object.getMetadata().getName()))
        .toList();
  }

  private void print(List<GenericKubernetesResource> objects, Optional<String> namespace) {
    PrintWriter out = spec.commandLine().getOut();
    switch (output) {
      case JSON -> out.print(StatusCommand.json(list(objects)));
      case YAML -> out.print(Serialization.asYaml(list(objects)));
      case NAME -> objects.forEach(object -> out.println(ListRow.reference(object)));
      case TEXT, WIDE -> {
        if (objects.isEmpty() && !watch) {
          tellNothing(namespace);
        } else {
          out.print(ListText.draw(rows(objects), everywhere, width()));
        }
      }
    }
    out.flush();
  }

  private void tellNothing(Optional<String> namespace) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(
        namespace
            .map(one ->
                "nothing found in namespace \"%s\"; --all-namespaces looks in all".formatted(one))
            .orElse("nothing found"));
    err.flush();
  }

  private int width() {
    return output == Format.WIDE ? Integer.MAX_VALUE : StatusText.WIDTH;
  }

  private static List<ListRow> rows(List<GenericKubernetesResource> objects) {
    Instant now = Instant.now();
    return objects.stream().map(object -> ListRow.of(object, now)).toList();
  }

  /** As kubectl's: a List, so that it can be given to other tools. */
  static Map<String, Object> list(List<GenericKubernetesResource> objects) {
    var list = new LinkedHashMap<String, Object>();
    list.put("apiVersion", "v1");
    list.put("kind", "List");
    list.put("items", objects);
    return list;
  }

  private void follow(ListReader reader) throws InterruptedException {
    var last = new HashMap<String, ListRow>();
    meant(reader.read()).forEach(object -> remember(last, object));
    while (true) {
      var changes = new LinkedBlockingQueue<Change>();
      List<Watch> watches = reader.watch(new Queue(changes));
      try {
        tell(changes, last);
      } finally {
        watches.forEach(Watch::close);
      }
    }
  }

  private static void remember(Map<String, ListRow> last, GenericKubernetesResource object) {
    last.put(
        Objects.requireNonNullElse(object.getMetadata().getUid(), ""),
        ListRow.of(object, Instant.EPOCH));
  }

  /** Until the watch is lost. */
  private void tell(BlockingQueue<Change> changes, Map<String, ListRow> last)
      throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    for (Change change = changes.take(); change.object() != null; change = changes.take()) {
      GenericKubernetesResource object = change.object();
      ListRow known = last.get(object.getMetadata().getUid());
      ListRow row = ListRow.of(object, Instant.EPOCH);
      boolean moved = change.deleted() || !row.equals(known);
      if (!meant(List.of(object)).isEmpty() && moved) {
        remember(last, object);
        out.println(line(object, change.deleted()));
        out.flush();
      }
    }
  }

  private String line(GenericKubernetesResource object, boolean deleted) {
    if (output == Format.NAME) {
      return ListRow.reference(object) + (deleted ? " deleted" : "");
    }
    String line =
        ListText.draw(rows(List.of(object)), everywhere, width()).lines().toList().getLast();
    return line + (deleted ? "  deleted" : "");
  }

  /** Puts what the server tells in a queue. */
  private record Queue(BlockingQueue<Change> changes)
      implements Watcher<GenericKubernetesResource> {
    @Override
    public void eventReceived(Action action, GenericKubernetesResource object) {
      if (action == Action.ADDED || action == Action.MODIFIED || action == Action.DELETED) {
        changes.add(new Change(object, action == Action.DELETED));
      }
    }

    @Override
    public void onClose() {
      changes.add(Change.LOST);
    }

    @Override
    public void onClose(WatcherException cause) {
      changes.add(Change.LOST);
    }
  }
}
