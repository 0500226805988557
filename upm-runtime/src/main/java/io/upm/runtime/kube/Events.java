package io.upm.runtime.kube;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Kubernetes Events: one for each transition, none when nothing changed. */
public final class Events {
  private static final Logger LOG = LoggerFactory.getLogger(Events.class);
  private static final int NOTE_LIMIT = 1000;
  private static final DateTimeFormatter MICROSECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  /** Conditions whose good value is "False". */
  private static final Set<String> NEGATIVE = Set.of("Degraded", "Failed");

  /** Reasons that everything new goes through: trouble only to what was good before. */
  private static final Set<String> ON_THE_WAY =
      Set.of(
          "NoPod",
          "AgentNotConnected",
          "EngineNotReady",
          "PodNotReady",
          "HandingOver",
          "UnitsNotReady",
          "TopologyForming",
          "TopologyNotReady");

  private final KubernetesClient client;
  private final String controller;
  private final String instance;

  /**
   * Events of one controller.
   *
   * @param controller its name
   * @param instance name of this process
   */
  public Events(KubernetesClient client, String controller, String instance) {
    this.client = client;
    this.controller = controller;
    this.instance = instance;
  }

  /**
   * What is told in an Event.
   *
   * @param warning whether somebody should look
   */
  public record Note(boolean warning, String reason, String message) {}

  /**
   * What is worth an Event about a change of conditions. The first look at an object is no
   * transition, unless something is wrong with it.
   *
   * @param told types that are told about
   */
  public static List<Note> transitions(
      @Nullable List<Condition> before, List<Condition> after, Set<String> told) {
    var notes = new ArrayList<Note>();
    for (Condition next : after) {
      if (!told.contains(next.getType())) {
        continue;
      }
      boolean bad = Conditions.FALSE.equals(next.getStatus()) != NEGATIVE.contains(next.getType());
      if (bad && ON_THE_WAY.contains(next.getReason()) && !wasGood(before, next.getType())) {
        continue;
      }
      boolean changed =
          Conditions.find(before, next.getType())
              .map(last ->
                  (!next.getStatus().equals(last.getStatus())
                          && (bad || !Conditions.UNKNOWN.equals(last.getStatus())))
                      || (bad && !next.getReason().equals(last.getReason())))
              .orElse(bad && !next.getType().equals("Ready"));
      if (changed) {
        notes.add(new Note(bad, next.getReason(), next.getMessage()));
      }
    }
    return notes;
  }

  private static boolean wasGood(@Nullable List<Condition> before, String type) {
    String good = NEGATIVE.contains(type) ? Conditions.FALSE : Conditions.TRUE;
    return Conditions.find(before, type).filter(last -> good.equals(last.getStatus())).isPresent();
  }

  /** Publishes notes about an object. A failure is logged; it is no reason to fail anything. */
  public void publish(HasMetadata about, List<Note> notes, Instant now) {
    for (Note note : notes) {
      try {
        client.resource(event(about, note, now)).create();
      } catch (KubernetesClientException e) {
        LOG.debug("event {} of {} was not accepted", note.reason(), about.getMetadata(), e);
      }
    }
  }

  /** Kubernetes wants Events about objects without a namespace there. */
  private static String home(HasMetadata about) {
    String namespace = about.getMetadata().getNamespace();
    return namespace == null ? "default" : namespace;
  }

  private io.fabric8.kubernetes.api.model.events.v1.Event event(
      HasMetadata about, Note note, Instant now) {
    String message = note.message();
    return new EventBuilder()
        .withNewMetadata()
        .withGenerateName(about.getMetadata().getName() + "-")
        .withNamespace(home(about))
        .endMetadata()
        .withRegarding(
            new ObjectReferenceBuilder()
                .withApiVersion(about.getApiVersion())
                .withKind(about.getKind())
                .withNamespace(about.getMetadata().getNamespace())
                .withName(about.getMetadata().getName())
                .withUid(about.getMetadata().getUid())
                .build())
        .withAction("Reconcile")
        .withEventTime(new MicroTime(MICROSECONDS.format(now)))
        .withType(note.warning() ? "Warning" : "Normal")
        .withReason(note.reason())
        .withNote(message.length() > NOTE_LIMIT ? message.substring(0, NOTE_LIMIT) : message)
        .withReportingController("upm.syntropycloud.io/" + controller)
        .withReportingInstance(instance)
        .build();
  }
}
