package io.upm.runtime.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.upm.runtime.api.Project;
import io.upm.runtime.api.ProjectStatus;
import io.upm.runtime.kube.Conditions.Wanted;
import io.upm.runtime.pki.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StatusWriterTest {
  private static final Optional<Duration> LATER = Optional.of(Duration.ofMinutes(1));

  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-21T10:00:00Z"));

  /** Never asked: no condition is told about. */
  private final KubernetesClient client = new KubernetesClientBuilder().build();

  private final StatusWriter<ProjectStatus, Project> writer =
      new StatusWriter<>(
          new Events(client, "project", "test"),
          clock,
          Project::new,
          ProjectStatus::conditions,
          Set.of());

  private final Project project = named("db");

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void writesTheFirstStatusAndNoneAgain() {
    assertThat(write(starting("a"), Optional.empty()).isPatchStatus()).isTrue();
    assertThat(write(starting("a"), Optional.empty()).isNoUpdate()).isTrue();
  }

  @Test
  void writesToNoOtherVersionOfTheObjectWhereThatMatters() {
    project.getMetadata().setResourceVersion("7");

    assertThat(version(writer)).isNull();
    assertThat(version(writer.exact())).isEqualTo("7");
  }

  private @Nullable String version(StatusWriter<ProjectStatus, Project> used) {
    return used.write(project, ready(), Optional.empty())
        .getResource()
        .orElseThrow()
        .getMetadata()
        .getResourceVersion();
  }

  @Test
  void writesStepsOnTheWayOnceInThreeSeconds() {
    write(starting("a"), LATER);
    clock.advance(Duration.ofSeconds(1));
    UpdateControl<Project> early = writer.write(project, starting("b"), LATER);

    assertThat(early.isNoUpdate()).isTrue();
    assertThat(early.getScheduleDelay()).hasValue(2000L);
    assertThat(
            writer
                .write(project, starting("b"), Optional.of(Duration.ofMillis(300)))
                .getScheduleDelay())
        .hasValue(300L);
    clock.advance(Duration.ofSeconds(2));
    UpdateControl<Project> due = write(starting("b"), LATER);
    assertThat(due.isPatchStatus()).isTrue();
    assertThat(due.getScheduleDelay()).hasValue(60_000L);
  }

  @Test
  void writesStepsLessOftenWhenManyAreOnTheWay() {
    List<Project> others = IntStream.range(0, 100).mapToObj(i -> named("other-" + i)).toList();
    others.forEach(other -> write(other, starting("a")));
    write(project, starting("a"));
    clock.advance(Duration.ofSeconds(1));

    assertThat(write(project, starting("b")).getScheduleDelay()).hasValue(22_000L);
    others.subList(0, 60).forEach(other -> write(other, ready()));
    assertThat(write(project, starting("b")).getScheduleDelay()).hasValue(10_000L);
    clock.advance(Duration.ofSeconds(10));
    assertThat(write(project, starting("b")).isPatchStatus()).isTrue();
  }

  @Test
  void neverWaitsLongerThanHalfAMinute() {
    IntStream.range(0, 1000).forEach(i -> write(named("other-" + i), starting("a")));
    write(project, starting("a"));

    assertThat(write(project, starting("b")).getScheduleDelay()).hasValue(30_000L);
  }

  @Test
  void forgetsThoseThatNothingIsHeardOf() {
    for (int other = 0; other < 100; other++) {
      write(named("other-" + other), starting("a"));
    }
    clock.advance(Duration.ofSeconds(61));
    write(project, starting("a"));

    assertThat(write(project, starting("b")).getScheduleDelay()).hasValue(3000L);
  }

  @Test
  void writesAtOnceWhatSomebodyWaitsFor() {
    write(project, starting("a"));

    UpdateControl<Project> control = writer.writeAtOnce(project, starting("b"), LATER);

    assertThat(control.isPatchStatus()).isTrue();
    assertThat(control.getScheduleDelay()).hasValue(60_000L);
  }

  @Test
  void writesAtOnceWhatBecomesOrCeasesToBeReady() {
    write(starting("a"), LATER);
    assertThat(write(ready(), LATER).isPatchStatus()).isTrue();
    assertThat(write(starting("b"), LATER).isPatchStatus()).isTrue();
  }

  @Test
  void writesAgainWhatItSeesOnlyBecauseItsLastWriteIsNotSeenYet() {
    write(ready(), LATER);
    ProjectStatus before = project.getStatus();
    write(starting("a"), LATER);
    project.setStatus(before);

    assertThat(write(ready(), LATER).isPatchStatus()).isTrue();
    assertThat(write(ready(), LATER).isNoUpdate()).isTrue();
  }

  /** As JOSDK does with what it is told. */
  private UpdateControl<Project> write(ProjectStatus status, Optional<Duration> recheck) {
    return write(project, status, recheck);
  }

  private UpdateControl<Project> write(Project about, ProjectStatus status) {
    return write(about, status, Optional.empty());
  }

  private UpdateControl<Project> write(
      Project about, ProjectStatus status, Optional<Duration> recheck) {
    UpdateControl<Project> control = writer.write(about, status, recheck);
    if (control.isPatchStatus()) {
      about.setStatus(control.getResource().orElseThrow().getStatus());
    }
    return control;
  }

  private static Project named(String name) {
    var named = new Project();
    named.getMetadata().setName(name);
    named.getMetadata().setUid(name);
    return named;
  }

  private static ProjectStatus starting(String message) {
    return status(Wanted.not("Ready", "EngineNotReady", message));
  }

  private static ProjectStatus ready() {
    return status(Wanted.is("Ready", "Serving", "it serves"));
  }

  private static ProjectStatus status(Wanted ready) {
    List<Condition> conditions = Conditions.merge(null, List.of(ready), 1L, Instant.EPOCH);
    return new ProjectStatus(1L, null, null, null, conditions);
  }
}
