package io.upm.runtime.project;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.upm.runtime.RuntimeMetrics;
import io.upm.runtime.addon.AddOns;
import io.upm.runtime.api.Project;
import io.upm.runtime.api.ProjectStatus;
import io.upm.runtime.kube.Events;
import io.upm.runtime.kube.Gone;
import io.upm.runtime.kube.Guard;
import io.upm.runtime.kube.Nudges;
import io.upm.runtime.kube.StatusWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Brings one Project to what its spec says. Deleting a Project deletes nothing that it has made.
 */
@ControllerConfiguration(
    name = "project",
    fieldManager = ProjectActor.FIELD_MANAGER,
    generationAwareEventProcessing = false)
public final class ProjectReconciler implements Reconciler<Project> {
  private static final Duration RETRY = Duration.ofSeconds(5);

  /** A key that somebody puts there, or corrects, may have no label, so nothing tells of it. */
  private static final Duration LOOK_FOR_KEY = Duration.ofSeconds(30);

  private final KubernetesClient client;
  private final InstantSource clock;
  private final RuntimeMetrics metrics;
  private final AddOns addOns;
  private final ProjectActor actor;
  private final StatusWriter<ProjectStatus, Project> statuses;
  private final Nudges<Project> nudges = new Nudges<>("project-nudges");
  private volatile boolean stopping;

  public ProjectReconciler(
      KubernetesClient client, Events events, RuntimeMetrics metrics, InstantSource clock) {
    this.client = client;
    this.clock = clock;
    this.metrics = metrics;
    this.addOns = new AddOns(client);
    this.actor = new ProjectActor(client, addOns);
    this.statuses =
        new StatusWriter<>(
            events, clock, Project::new, ProjectStatus::conditions, ProjectReport.told());
  }

  @Override
  public List<EventSource<?, Project>> prepareEventSources(EventSourceContext<Project> context) {
    addOns.open(
        new AddOns.Interest(
            ProjectNames.LABEL,
            this::changed,
            () ->
                context
                    .getPrimaryCache()
                    .list(project -> project.getSpec() != null && project.getSpec().ca() != null)
                    .forEach(nudges::nudge)));
    return List.of(
        children(Namespace.class, context),
        children(ServiceAccount.class, context),
        children(Secret.class, context),
        nudges.source());
  }

  @Override
  public UpdateControl<Project> reconcile(Project project, Context<Project> context) {
    return metrics.reconciliation(
        "Project", () -> Guard.contain(project, () -> look(project, context)));
  }

  /** To be called before the informers stop: nothing is seen in them then, though it is there. */
  public void stop() {
    stopping = true;
  }

  @Override
  public ErrorStatusUpdateControl<Project> updateErrorStatus(
      Project project, Context<Project> context, Exception failure) {
    return Gone.orRetry(project, failure);
  }

  private UpdateControl<Project> look(Project project, Context<Project> context) {
    if (project.getMetadata().getDeletionTimestamp() != null) {
      return UpdateControl.noUpdate();
    }
    ProjectView view = observe(project, context);
    if (stopping) {
      return UpdateControl.noUpdate();
    }
    ProjectDecision decision = DecideProject.decide(view);
    List<String> failures = actor.act(view, decision);
    return statuses.write(
        project, ProjectReport.status(view, decision, failures), recheck(view, decision, failures));
  }

  private static Optional<Duration> recheck(
      ProjectView view, ProjectDecision decision, List<String> failures) {
    if (!failures.isEmpty() || view.isTerminating()) {
      return Optional.of(RETRY);
    }
    boolean awaitsKey = view.key() != ProjectView.KeyState.USABLE && decision.problems().isEmpty();
    return awaitsKey ? Optional.of(LOOK_FOR_KEY) : Optional.empty();
  }

  /**
   * What somebody else made has no label, so it is in no cache: the API server is asked. What only
   * has the label, as others may have given it, is none of the Project's: names tell.
   */
  private ProjectView observe(Project project, Context<Project> context) {
    String name = project.getMetadata().getName();
    String account = ProjectNames.serviceAccount(name);
    return new ProjectView(
        project,
        context
            .getSecondaryResourcesAsStream(Namespace.class)
            .filter(one -> name.equals(one.getMetadata().getName()))
            .findFirst()
            .or(() -> Optional.ofNullable(client.namespaces().withName(name).get())),
        inside(name, account, context.getSecondaryResourcesAsStream(ServiceAccount.class))
            .or(() ->
                Optional.ofNullable(
                    client.serviceAccounts().inNamespace(name).withName(account).get())),
        key(
            inside(
                    name,
                    ProjectNames.KEY_SECRET,
                    context.getSecondaryResourcesAsStream(Secret.class))
                .or(() ->
                    Optional.ofNullable(
                        client
                            .secrets()
                            .inNamespace(name)
                            .withName(ProjectNames.KEY_SECRET)
                            .get()))),
        addOns.available(),
        authority(name),
        clock.instant());
  }

  private static <T extends HasMetadata> Optional<T> inside(
      String namespace, String name, Stream<T> objects) {
    return objects
        .filter(one -> namespace.equals(one.getMetadata().getNamespace()))
        .filter(one -> name.equals(one.getMetadata().getName()))
        .findFirst();
  }

  private List<GenericKubernetesResource> authority(String name) {
    return addOns.in(name).stream()
        .filter(object -> name.equals(object.getMetadata().getLabels().get(ProjectNames.LABEL)))
        .filter(object -> ProjectObjects.isOfAuthority(name, object))
        .toList();
  }

  private static ProjectView.KeyState key(Optional<Secret> secret) {
    if (secret.isEmpty()) {
      return ProjectView.KeyState.MISSING;
    }
    Map<String, String> data = secret.get().getData();
    String value = data == null ? null : data.get(ProjectNames.KEY);
    boolean usable =
        value != null && Base64.getDecoder().decode(value).length == ProjectNames.KEY_LENGTH;
    return usable ? ProjectView.KeyState.USABLE : ProjectView.KeyState.UNUSABLE;
  }

  private void changed(HasMetadata object) {
    projectOf(object).forEach(id -> nudges.nudge(id));
  }

  private static <T extends HasMetadata> InformerEventSource<T, Project> children(
      Class<T> type, EventSourceContext<Project> context) {
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(type, Project.class)
            .withLabelSelector(ProjectNames.LABEL)
            .withSecondaryToPrimaryMapper(ProjectReconciler::projectOf)
            .build(),
        context);
  }

  private static Set<ResourceID> projectOf(HasMetadata child) {
    return Set.of(new ResourceID(child.getMetadata().getLabels().get(ProjectNames.LABEL)));
  }
}
