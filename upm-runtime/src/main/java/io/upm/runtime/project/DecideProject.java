package io.upm.runtime.project;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.upm.runtime.addon.AddOnKind;
import io.upm.runtime.api.ProjectSpec.AuthoritySpec;
import io.upm.runtime.api.ProjectStatus;
import io.upm.spi.Problem;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides what to do for a Project. Pure. The rules:
 *
 * <ol>
 *   <li>A spec that can't be carried out changes nothing.
 *   <li>The namespace comes first, all else when it is there.
 *   <li>A key is made when there is none, once for a namespace. One that was there and is gone is
 *       not replaced by another: what was encrypted with it could not be read, and nobody would
 *       know why.
 *   <li>What somebody else made is left as it is.
 * </ol>
 */
final class DecideProject {
  private final ProjectView view;

  private DecideProject(ProjectView view) {
    this.view = view;
  }

  static ProjectDecision decide(ProjectView view) {
    return new DecideProject(view).decide();
  }

  private ProjectDecision decide() {
    List<Problem> problems = ProjectRules.check(view.name(), view.project().getSpec());
    if (!problems.isEmpty()) {
      return ProjectDecision.nothing(problems, "");
    }
    if (view.isTerminating()) {
      return ProjectDecision.nothing(
          List.of(),
          "namespace %s is being deleted: it is made again when it is gone".formatted(view.name()));
    }
    var namespace = Optional.of(ProjectObjects.namespace(view.project()));
    if (view.namespace().isEmpty()) {
      return new ProjectDecision(
          List.of(), namespace, Optional.empty(), false, List.of(), List.of(), List.of(), "");
    }
    boolean foreign = view.account().filter(account -> !isOurs(account)).isPresent();
    List<GenericKubernetesResource> authority = authority();
    List<AddOnKind> missing =
        authority.isEmpty()
            ? List.of()
            : Stream.of(AddOnKind.ISSUER, AddOnKind.CERTIFICATE)
                .filter(kind -> !view.addOns().contains(kind))
                .toList();
    return new ProjectDecision(
        List.of(),
        namespace,
        foreign ? Optional.empty() : Optional.of(ProjectObjects.account(view.project())),
        makesKey(),
        missing.isEmpty() ? authority : List.of(),
        surplus(authority),
        missing,
        trouble(missing));
  }

  private boolean makesKey() {
    return view.key() == ProjectView.KeyState.MISSING && !wasMade();
  }

  /** Whether there was a key in this namespace. */
  private boolean wasMade() {
    ProjectStatus status = view.project().getStatus();
    ProjectStatus.KeyStatus key = status == null ? null : status.key();
    return key != null
        && view.namespace()
            .filter(one -> one.getMetadata().getUid().equals(key.namespaceUid()))
            .isPresent();
  }

  private List<GenericKubernetesResource> authority() {
    @Nullable AuthoritySpec authority =
        view.project().getSpec() == null ? null : view.project().getSpec().authority();
    return authority == null ? List.of() : ProjectObjects.authority(view.project(), authority);
  }

  /** The Secret that cert-manager wrote stays: certificates were issued by it. */
  private List<GenericKubernetesResource> surplus(List<GenericKubernetesResource> wanted) {
    return view.authority().stream()
        .filter(live -> wanted.stream().noneMatch(one -> same(one, live)))
        .filter(live -> live.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  private String trouble(List<AddOnKind> missing) {
    return switch (view.key()) {
      case UNUSABLE ->
          "Secret %s/%s has no key %s of %d characters: it is left as it is; correct it, or delete it"
                  .formatted(
                      view.name(),
                      ProjectNames.KEY_SECRET,
                      ProjectNames.KEY,
                      ProjectNames.KEY_LENGTH)
              + " if nothing was encrypted with it";
      case MISSING ->
          wasMade()
              ? "Secret %s/%s is gone: restore it from a backup, since what was encrypted with its key"
                      .formatted(view.name(), ProjectNames.KEY_SECRET)
                  + " can't be read without it; to have a new one made, delete the Project and make"
                  + " it again"
              : noAuthority(missing);
      case USABLE -> noAuthority(missing);
    };
  }

  private static String noAuthority(List<AddOnKind> missing) {
    return missing.isEmpty()
        ? ""
        : "spec.ca needs cert-manager, whose kinds Issuer and Certificate (%s) are not there:"
                .formatted(AddOnKind.CERTIFICATE.apiVersion())
            + " install it, or set spec.ca.enabled to false";
  }

  private boolean isOurs(HasMetadata object) {
    return object.getMetadata().getLabels() != null
        && view.name().equals(object.getMetadata().getLabels().get(ProjectNames.LABEL));
  }

  private static boolean same(HasMetadata one, HasMetadata other) {
    return one.getKind().equals(other.getKind())
        && one.getMetadata().getName().equals(other.getMetadata().getName());
  }
}
