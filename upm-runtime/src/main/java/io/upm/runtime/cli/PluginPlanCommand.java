package io.upm.runtime.cli;

import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginArchiveException;
import io.upm.runtime.api.Plugin;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.cli.PlanView.Fate;
import io.upm.runtime.cli.PlanView.ObjectPlan;
import io.upm.runtime.engine.Engine;
import io.upm.runtime.engine.ImageOverrides;
import io.upm.runtime.engine.Installation;
import io.upm.runtime.engine.PluginDirectory;
import io.upm.runtime.engine.PluginEngine;
import io.upm.runtime.engine.PluginState;
import io.upm.runtime.plugin.PluginBuilds;
import io.upm.runtime.plugin.PluginSettings;
import io.upm.runtime.plugin.PluginTrust;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code upm plugin plan}. */
@Command(
    name = "plan",
    description = {
      "Says what another version of a plugin would do to each UnitSet that it serves, and does"
          + " nothing: which lines of the configuration, defaults and parameters change, which"
          + " Pods would be replaced. Both builds are asked, and the code that the runtime decides"
          + " by."
    },
    mixinStandardHelpOptions = true,
    exitCodeOnInvalidInput = ExitCodes.TROUBLE,
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      "0:nothing would change",
      "1:wrong usage, or the version, or a UnitSet with it, would be refused",
      "2:something would change",
      ExitCodes.NOTHING_FOUND,
      ExitCodes.REFUSED
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  upm plugin plan my-engine 1.1.0",
      "  upm plugin plan my-engine my-engine-1.1.0.zip"
    })
final class PluginPlanCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin private final Connection connection = new Connection();

  @Parameters(index = "0", paramLabel = "PLUGIN", description = "The plugin's id.")
  @SuppressWarnings("NullAway.Init") // required
  private String id;

  @Parameters(
      index = "1",
      paramLabel = "VERSION",
      description = "A version, which is read from the plugin's source; or the file of a zip.")
  @SuppressWarnings("NullAway.Init") // required
  private String version;

  @Option(
      names = "--present",
      paramLabel = "FILE",
      description =
          "Zip of the version that serves now, where neither its source nor --plugins has it.")
  private @Nullable Path present;

  @Option(
      names = "--plugins",
      paramLabel = "DIRECTORY",
      defaultValue = "${env:UPM_PLUGIN_DIRECTORY:-" + PlanCommand.PLUGINS + "}",
      description =
          "Zips of the plugins that the runtime's image has; when not given, that of the variable"
              + " UPM_PLUGIN_DIRECTORY, else "
              + PlanCommand.PLUGINS
              + ".")
  @SuppressWarnings("NullAway.Init") // it has a default
  private Path plugins;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "text, json or yaml; text when not given.")
  private PlanCommand.Format output = PlanCommand.Format.TEXT;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path work = Files.createTempDirectory("upm-plugin-plan");
    try (KubernetesClient client = connection.open()) {
      PlanView view = plan(client, work);
      print(view);
      return view.wrong() ? ExitCodes.TROUBLE : view.changes() ? ExitCodes.CHANGES : ExitCodes.OK;
    } catch (PluginArchiveException e) {
      throw new CliException(ExitCodes.TROUBLE, String.valueOf(e.getMessage()));
    } finally {
      PlanCommand.delete(work);
    }
  }

  private PlanView plan(KubernetesClient client, Path work)
      throws IOException, InterruptedException {
    Optional<Plugin> object =
        Optional.ofNullable(client.resources(Plugin.class).withName(id).get());
    var builds =
        new PluginBuilds(
            client,
            new PluginSettings(
                connection.namespace(client),
                work.resolve("cache"),
                work.resolve("trial"),
                PluginTrust.DEFAULT));
    PluginArchive next = next(builds, object);
    Map<String, String> images = object.map(one -> one.getSpec().images()).orElse(Map.of());
    ImageOverrides overrides = PlanReader.overrides(client);
    try (var before = new PluginDirectory(plugins, work.resolve("before"), overrides);
        var after = new PluginDirectory(work.resolve("none"), work.resolve("after"), overrides)) {
      Optional<PluginArchive> serving = serving(builds, object);
      serving.ifPresent(archive -> install(before, archive, images));
      install(after, next, images);
      return new PlanView(plans(client, new Sides(before, after)));
    }
  }

  /** The plugin as it is, and as it would be. */
  private record Sides(PluginDirectory before, PluginDirectory after) {}

  private PluginArchive next(PluginBuilds builds, Optional<Plugin> object)
      throws InterruptedException {
    if (Files.exists(Path.of(version))) {
      PluginArchive archive = PluginArchive.read(Path.of(version));
      if (!archive.key().id().equals(id)) {
        throw new CliException(
            ExitCodes.TROUBLE,
            "%s holds plugin %s, not %s".formatted(version, archive.key().id(), id));
      }
      return archive;
    }
    Plugin plugin =
        object.orElseThrow(() ->
            new CliException(
                ExitCodes.NOT_FOUND,
                "there is neither a file %s nor an object that says where plugin %s comes from"
                    .formatted(version, id)));
    try {
      return builds.version(plugin, version);
    } catch (IOException e) {
      throw new CliException(
          ExitCodes.TROUBLE,
          "version %s of plugin %s can't be had here: %s; give its zip instead"
              .formatted(version, id, e.getMessage()));
    }
  }

  private Optional<PluginArchive> serving(PluginBuilds builds, Optional<Plugin> object)
      throws InterruptedException {
    if (present != null) {
      return Optional.of(PluginArchive.read(present));
    }
    if (object.isEmpty()) {
      return Optional.empty();
    }
    try {
      return builds.serving(object.get());
    } catch (IOException e) {
      throw new CliException(
          ExitCodes.TROUBLE,
          "the version of plugin %s that serves can't be had here: %s; give its zip with --present"
              .formatted(id, e.getMessage()));
    }
  }

  private static void install(
      PluginDirectory directory, PluginArchive archive, Map<String, String> images) {
    directory.install(
        archive.key().id(),
        new Installation(Optional.of(archive.key()), List.of(archive), images, Optional.empty()));
  }

  private List<ObjectPlan> plans(KubernetesClient client, Sides sides) {
    PluginEngine next =
        sides.after().engines().stream()
            .findFirst()
            .orElseThrow(() ->
                new CliException(
                    ExitCodes.TROUBLE,
                    sides.after().states().stream()
                        .map(PluginState::problem)
                        .filter(problem -> !problem.isEmpty())
                        .findFirst()
                        .orElse("version %s of plugin %s does not load".formatted(version, id))));
    String engine = next.descriptor().engine();
    Optional<Engine> now = sides.before().find(engine).filter(one -> one.plugin().id().equals(id));
    var reader = new PlanReader(client, sides.after());
    var plans = new ArrayList<ObjectPlan>();
    for (UnitSet set : sets(client, engine)) {
      plans.add(new PluginForecast(set, now, next).of(reader.read(set).from(now)));
    }
    return plans;
  }

  /** Those that follow the plugin: one that names its version keeps it. */
  private static List<UnitSet> sets(KubernetesClient client, String engine) {
    KubernetesResourceList<UnitSet> all = client.resources(UnitSet.class).inAnyNamespace().list();
    return all.getItems().stream()
        .filter(set -> set.getSpec() != null && engine.equals(set.getSpec().type()))
        .filter(set -> set.getSpec().pluginVersion().isEmpty())
        .filter(set -> set.getMetadata().getDeletionTimestamp() == null)
        .sorted(
            Comparator.comparing((UnitSet set) -> set.getMetadata().getNamespace())
                .thenComparing(set -> set.getMetadata().getName()))
        .toList();
  }

  private void print(PlanView view) {
    PrintWriter out = spec.commandLine().getOut();
    switch (output) {
      case TEXT -> {
        out.print(PlanText.draw(view, Style.here()));
        out.println(summary(view));
      }
      case JSON -> out.print(StatusCommand.json(view));
      case YAML -> out.print(Serialization.asYaml(view));
    }
    out.flush();
  }

  private static String summary(PlanView view) {
    long pods = view.objects().stream().mapToLong(one -> one.units().size()).sum();
    long replaced =
        view.objects().stream()
            .flatMap(one -> one.units().stream())
            .filter(unit -> unit.fate() != Fate.KEPT && unit.fate() != Fate.RESIZED)
            .count();
    return "%d UnitSets; %d of %d Pods would be replaced"
        .formatted(view.objects().size(), replaced, pods);
  }
}
