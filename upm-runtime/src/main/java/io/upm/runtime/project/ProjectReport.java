package io.upm.runtime.project;

import com.fasterxml.jackson.databind.JsonNode;
import io.upm.runtime.addon.AddOnKind;
import io.upm.runtime.api.ProjectStatus;
import io.upm.runtime.kube.Canonical;
import io.upm.runtime.kube.Conditions;
import io.upm.runtime.kube.Conditions.Wanted;
import io.upm.spi.Problem;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The status of a Project. Pure. */
final class ProjectReport {
  static final String READY = "Ready";

  private final ProjectView view;
  private final ProjectDecision decision;
  private final List<String> failures;

  private ProjectReport(ProjectView view, ProjectDecision decision, List<String> failures) {
    this.view = view;
    this.decision = decision;
    this.failures = failures;
  }

  /** Conditions whose changes are worth an Event. */
  static Set<String> told() {
    return Set.of(READY);
  }

  /**
   * What is told about a Project.
   *
   * @param failures what could not be done, one sentence each
   */
  static ProjectStatus status(ProjectView view, ProjectDecision decision, List<String> failures) {
    return new ProjectReport(view, decision, failures).status();
  }

  private ProjectStatus status() {
    ProjectStatus last = view.project().getStatus();
    Long generation = view.project().getMetadata().getGeneration();
    return new ProjectStatus(
        generation,
        view.namespace().map(one -> one.getMetadata().getName()).orElse(null),
        view.account().map(one -> one.getMetadata().getName()).orElse(null),
        key(last),
        Conditions.merge(
            last == null ? null : last.conditions(), List.of(ready()), generation, view.now()));
  }

  /** What was said about a key stays said, so that nobody makes another one in its place. */
  private ProjectStatus.@Nullable KeyStatus key(@Nullable ProjectStatus last) {
    return view.key() == ProjectView.KeyState.USABLE && view.namespace().isPresent()
        ? new ProjectStatus.KeyStatus(
            ProjectNames.KEY_SECRET, view.namespace().get().getMetadata().getUid())
        : last == null ? null : last.key();
  }

  private Wanted ready() {
    if (!decision.problems().isEmpty()) {
      return Wanted.not(
          READY,
          "InvalidSpec",
          decision.problems().stream().map(Problem::sentence).collect(Collectors.joining("; ")));
    }
    if (!failures.isEmpty()) {
      return Wanted.not(READY, "Failed", String.join(" ", failures));
    }
    if (!decision.trouble().isEmpty()) {
      return Wanted.not(READY, "HelpNeeded", decision.trouble());
    }
    if (view.namespace().isEmpty() || view.account().isEmpty()) {
      return Wanted.not(READY, "Progressing", "namespace %s is being made".formatted(view.name()));
    }
    if (view.key() != ProjectView.KeyState.USABLE) {
      return Wanted.not(READY, "Progressing", "the key is being made");
    }
    return notIssued()
        .map(reason -> Wanted.not(READY, "NotIssued", reason))
        .orElseGet(() ->
            Wanted.is(READY, "Ready", "namespace %s has all it needs".formatted(view.name())));
  }

  private Optional<String> notIssued() {
    if (decision.authority().isEmpty()) {
      return Optional.empty();
    }
    Optional<JsonNode> condition =
        view.authority().stream()
            .filter(object -> AddOnKind.CERTIFICATE.kind().equals(object.getKind()))
            .map(object -> Canonical.tree(object).path("status").path("conditions"))
            .flatMap(conditions -> conditions.valueStream())
            .filter(one -> "Ready".equals(one.path("type").asText()))
            .findFirst();
    boolean issued =
        condition.filter(one -> "True".equals(one.path("status").asText())).isPresent();
    return issued
        ? Optional.empty()
        : Optional.of(
            "the certificate of the authority is not issued yet: "
                + condition
                    .map(one -> one.path("message").asText())
                    .filter(message -> !message.isEmpty())
                    .orElse("cert-manager has said nothing about it"));
  }
}
