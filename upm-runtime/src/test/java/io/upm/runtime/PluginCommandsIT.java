package io.upm.runtime;

import static io.upm.runtime.ControllerScene.QUIET;
import static io.upm.runtime.ControllerScene.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.cli.UpmCli;
import io.upm.runtime.engine.ToyZip;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.testing.TestCluster;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code upm plugin} against a real API server and a runtime that follows Plugin objects. */
@Tag("side-by-side")
class PluginCommandsIT extends TwoVersions {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void installUpgradeRollBackAndRemove() throws Exception {
    assertThat(run("install", scene.id(), "1.0.0", "--source", scene.source()))
        .as(err.toString())
        .isZero();
    assertThat(err.toString()).contains("version 1.0.0 serves");
    assertThat(run("list")).isZero();
    assertThat(row("1.0.0")).contains("toy", "Active", " 0 ");

    assertThat(run("upgrade", scene.id(), "1.1.0")).as(err.toString()).isZero();
    assertThat(scene.status().version()).isEqualTo("1.1.0");
    Files.delete(scene.file("1.0.0"));
    assertThat(run("rollback", scene.id())).as(err.toString()).isZero();
    assertThat(out.toString()).contains("rolling %s back to version 1.0.0".formatted(scene.id()));
    assertThat(scene.status().version()).isEqualTo("1.0.0");

    assertThat(run("remove", scene.id())).isZero();
    assertThat(scene.object().get()).isNull();
  }

  @Test
  void sayWhatIsInTheWay() throws Exception {
    assertThat(run("upgrade", scene.id(), "1.1.0")).isEqualTo(3);
    assertThat(err.toString()).contains("plugin %s is not installed".formatted(scene.id()));
    assertThat(run("install", scene.id(), "1.0.0", "--source", "ftp://host/a.zip")).isEqualTo(4);
    assertThat(err.toString()).contains("spec.source must begin with");

    assertThat(run("install", scene.id(), "1.0.0", "--source", scene.source())).isZero();
    assertThat(run("install", scene.id(), "1.1.0", "--source", scene.source())).isEqualTo(2);
    assertThat(err.toString()).contains("upm plugin upgrade %s 1.1.0".formatted(scene.id()));
    assertThat(run("rollback", scene.id())).isEqualTo(3);
    assertThat(err.toString()).contains("there is no other version of plugin " + scene.id());

    Files.writeString(scene.file("2.0.0"), "not a zip");
    assertThat(run("upgrade", scene.id(), "2.0.0")).isEqualTo(1);
    assertThat(err.toString()).contains("can't be read as a zip");
    assertThat(run("upgrade", scene.id(), "3.0.0", "--timeout", "10s")).isEqualTo(1);
    assertThat(err.toString()).contains("can't be fetched", "given up after 10 s");
    assertThat(scene.status().version()).isEqualTo("1.0.0");
    assertThat(run("list")).isZero();
    assertThat(row("3.0.0")).contains("can't be");
  }

  @Test
  void lookAtAZipBeforeItIsInstalled() throws Exception {
    assertThat(run("verify", scene.file("1.1.0").toString())).isZero();
    assertThat(out.toString()).contains("version   1.1.0", "digest    sha256:", ">=0.1.0 & <0.2.0");
    Path broken = root.resolve("broken.zip");
    Files.writeString(broken, "not a zip");
    assertThat(run("verify", broken.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("broken.zip can't be read as a zip");
  }

  @Test
  void planSaysWhatThenHappens() throws Exception {
    plannable("1.0.0", "links=100\nold=1", "toy");
    plannable("1.1.0", "fresh=5\nlinks=200", "toy");
    plannable("1.2.0", "links=100\nold=1", "elsewhere/toy");
    assertThat(run("install", scene.id(), "1.0.0", "--source", scene.source()))
        .as(err.toString())
        .isZero();
    scene.cluster().apply("plain", "spec/type=toy", "spec/version=1.2.3", "spec/units=2");
    scene
        .cluster()
        .apply(
            "user", "spec/type=toy", "spec/version=1.2.3", "spec/units=1", "spec/parameters/old=3");
    await().atMost(SOON).until(() -> scene.podUids().size() == 3);

    assertThat(run("plan", scene.id(), "1.1.0")).as(err.toString()).isEqualTo(1);
    assertThat(out.toString())
        .contains("default of links: 100 -> 200", "parameter fresh: (not set) -> new")
        .contains("parameter old: known -> dropped", "parameter old: set to 3 -> dropped")
        .contains("- links=100", "+ links=200", "+ fresh=5", "0 of 2 Pods would be replaced");
    assertThat(scene.live().getSpec().version()).isEqualTo("1.0.0");
    followsThePlan("1.1.0");
    String told = condition("user", "Valid");
    assertThat(out.toString()).contains(told);
    assertThat(told).contains("old");
    assertThat(condition("plain", "Valid")).doesNotContain("old");

    followsThePlan("1.2.0");
  }

  /** A version of the toy with these parameters, and images from there. */
  private void plannable(String version, String parameters, String image) throws IOException {
    ToyZip.sound(scene.id(), version, "1 2")
        .with("classes/toy-parameters", parameters)
        .with("classes/toy-image", image)
        .write(scene.file(version));
  }

  /** Upgrades, and compares the Pods that were replaced with those that the plan names. */
  private void followsThePlan(String version) throws IOException {
    run("plan", scene.id(), version, "-o", "json");
    var replaced = new TreeSet<String>();
    for (JsonNode object : new ObjectMapper().readTree(out.toString()).path("objects")) {
      for (JsonNode unit : object.path("units")) {
        if (!unit.path("fate").asText().equals("KEPT")) {
          replaced.add(unit.path("name").asText());
        }
      }
    }
    run("plan", scene.id(), version);
    String plan = out.toString();
    Map<String, String> before = scene.podUids();
    assertThat(run("upgrade", scene.id(), version)).as(err.toString()).isZero();
    await()
        .during(QUIET)
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(
                    scene.podUids().entrySet().stream()
                        .filter(pod -> !before.entrySet().contains(pod)))
                .extracting(Map.Entry::getKey)
                .as(plan)
                .containsExactlyInAnyOrderElementsOf(replaced));
    out.getBuffer().append(plan);
  }

  private String condition(String set, String type) {
    return Conditions.find(scene.cluster().get(UnitSet.class, set).getStatus().conditions(), type)
        .orElseThrow()
        .getMessage();
  }

  private int run(String command, String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    Stream<String> where =
        command.equals("verify")
            ? Stream.of()
            : Stream.of("--kubeconfig", TestCluster.kubeconfig());
    CommandLine tool = UpmCli.commandLine();
    tool.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return tool.execute(
        Stream.of(Stream.of("plugin", command), Stream.of(arguments), where)
            .flatMap(part -> part)
            .toArray(String[]::new));
  }

  private String row(String version) {
    return out.toString()
        .lines()
        .filter(line -> line.startsWith(scene.id() + " ") && line.contains(version))
        .findFirst()
        .orElseThrow();
  }
}
