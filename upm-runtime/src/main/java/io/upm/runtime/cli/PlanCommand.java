package io.upm.runtime.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.cli.PlanView.FieldChange;
import io.upm.runtime.cli.PlanView.ObjectPlan;
import io.upm.runtime.cli.PlanView.Verb;
import io.upm.runtime.engine.PluginDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code upm plan}, also called {@code upm explain}. */
@Command(
    name = "plan",
    aliases = "explain",
    description = {
      "Says what applying manifests would do, and does nothing: which fields change, which Pods"
          + " would be made, replaced, resized or removed, and in what order, which lines of the"
          + " configuration. The API server judges the manifests as if they were applied; the rest"
          + " is decided by the code that the runtime decides by."
    },
    mixinStandardHelpOptions = true,
    exitCodeOnInvalidInput = ExitCodes.TROUBLE,
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      "0:nothing would change",
      "1:wrong usage, or the manifests are refused or can't be carried out",
      "2:something would change",
      ExitCodes.REFUSED
    },
    footerHeading = "%nExample:%n",
    footer = {"  upm plan -f demo.yaml", "  upm plan -f - < demo.yaml"})
final class PlanCommand implements Callable<Integer> {
  /** How the plan is written. */
  enum Format {
    TEXT,
    JSON,
    YAML
  }

  static final String PLUGINS = "/opt/upm/plugins";

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin private final Connection connection = new Connection();

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      required = true,
      description = "File with manifests; - for what comes in. May be given several times.")
  private List<String> files = List.of();

  @Option(
      names = "--plugins",
      paramLabel = "DIRECTORY",
      defaultValue = "${env:UPM_PLUGIN_DIRECTORY:-" + PLUGINS + "}",
      description =
          "Zips of the plugins that the runtime has; when not given, that of the variable"
              + " UPM_PLUGIN_DIRECTORY, else "
              + PLUGINS
              + ".")
  @SuppressWarnings("NullAway.Init") // it has a default
  private Path plugins;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "text, json or yaml; text when not given.")
  private Format output = Format.TEXT;

  @Override
  public Integer call() throws IOException {
    Path work = Files.createTempDirectory("upm-plan");
    try (KubernetesClient client = connection.open();
        var directory = new PluginDirectory(plugins, work, PlanReader.overrides(client))) {
      var plans = new ArrayList<ObjectPlan>();
      for (HasMetadata manifest : manifests(client)) {
        plans.add(plan(client, directory, manifest));
      }
      var view = new PlanView(plans);
      print(view);
      if (view.wrong()) {
        return ExitCodes.TROUBLE;
      }
      return view.changes() ? ExitCodes.CHANGES : ExitCodes.OK;
    } finally {
      delete(work);
    }
  }

  private List<HasMetadata> manifests(KubernetesClient client) {
    var manifests = new ArrayList<HasMetadata>();
    for (String file : files) {
      try (InputStream stream =
          file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
        for (HasMetadata object : client.load(stream).items()) {
          if (object.getMetadata().getNamespace() == null) {
            object.getMetadata().setNamespace(connection.namespace(client));
          }
          manifests.add(object);
        }
      } catch (IOException e) {
        throw new CliException(ExitCodes.TROUBLE, "%s can't be read".formatted(file));
      } catch (IllegalArgumentException e) {
        throw new CliException(
            ExitCodes.TROUBLE, "%s holds no manifests: %s".formatted(file, e.getMessage()));
      }
    }
    if (manifests.isEmpty()) {
      throw new CliException(ExitCodes.TROUBLE, "there is no manifest in " + files);
    }
    return manifests;
  }

  private ObjectPlan plan(
      KubernetesClient client, PluginDirectory directory, HasMetadata manifest) {
    DryRun.Result result;
    try {
      result = new DryRun(client).ask(manifest);
    } catch (KubernetesClientException e) {
      if (e.getStatus() == null || e.getStatus().getMessage() == null || e.getCode() == 403) {
        throw e;
      }
      return refused(manifest, e.getStatus().getMessage());
    }
    List<FieldChange> fields =
        result
            .before()
            .map(before -> FieldChanges.between(before, result.after()))
            .orElse(List.of());
    Verb verb =
        result.before().isEmpty() ? Verb.CREATE : fields.isEmpty() ? Verb.NOTHING : Verb.CHANGE;
    if (!manifest.getKind().equals("UnitSet") || verb == Verb.NOTHING) {
      return new ObjectPlan(
          manifest.getKind(),
          Objects.requireNonNullElse(manifest.getMetadata().getNamespace(), ""),
          manifest.getMetadata().getName(),
          verb,
          fields,
          List.of(),
          List.of(),
          List.of(),
          List.of());
    }
    return ofSet(client, directory, result.after(), new Change(verb, fields));
  }

  private record Change(Verb verb, List<FieldChange> fields) {}

  private ObjectPlan ofSet(
      KubernetesClient client, PluginDirectory directory, JsonNode after, Change change) {
    UnitSet wanted = Serialization.unmarshal(after.toString(), UnitSet.class);
    if (directory.find(wanted.getSpec().type()).isEmpty()) {
      throw new CliException(
          ExitCodes.TROUBLE,
          "there is no plugin for \"%s\" in %s: name the folder that holds the runtime's plugins with"
                  .formatted(wanted.getSpec().type(), plugins)
              + " --plugins");
    }
    PlanWorld world = new PlanReader(client, directory).read(wanted);
    tellOtherPlugin(world);
    var forecast = new SetForecast(world);
    return new ObjectPlan(
        wanted.getKind(),
        wanted.getMetadata().getNamespace(),
        wanted.getMetadata().getName(),
        change.verb(),
        change.fields(),
        forecast.problems(),
        forecast.notes(),
        forecast.units(),
        forecast.files());
  }

  private static ObjectPlan refused(HasMetadata manifest, String why) {
    return new ObjectPlan(
        manifest.getKind(),
        Objects.requireNonNullElse(manifest.getMetadata().getNamespace(), ""),
        manifest.getMetadata().getName(),
        Verb.NOTHING,
        List.of(),
        List.of(why),
        List.of(),
        List.of(),
        List.of());
  }

  /** The plan is worth as much as the plugin that it asks is the runtime's. */
  private void tellOtherPlugin(PlanWorld world) {
    PrintWriter err = spec.commandLine().getErr();
    world
        .view()
        .engines()
        .engine()
        .map(engine -> engine.plugin().version())
        .ifPresent(here ->
            world.view().units().stream()
                .map(unit -> unit.getStatus())
                .filter(status -> status != null && status.agent() != null)
                .map(status -> Fields.text(status.agent().plugin()))
                .filter(there -> !there.isEmpty() && !there.endsWith(here))
                .findFirst()
                .ifPresent(there ->
                    err.printf(
                        "upm: the units have plugin %s, this tool has %s: the configuration"
                            + " may differ%n",
                        there, here)));
    err.flush();
  }

  private void print(PlanView view) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        switch (output) {
          case TEXT -> PlanText.draw(view, Style.here());
          case JSON -> StatusCommand.json(view);
          case YAML -> Serialization.asYaml(view);
        });
    out.flush();
  }

  static void delete(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      paths
          .sorted(Comparator.reverseOrder())
          .forEach(path -> {
            try {
              Files.delete(path);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }
}
