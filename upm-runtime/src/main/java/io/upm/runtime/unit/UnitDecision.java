package io.upm.runtime.unit;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.upm.runtime.agent.AgentTarget;
import io.upm.runtime.agent.DesiredAgent;
import io.upm.runtime.api.GrpcCall;
import io.upm.spi.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is to be done for a Unit.
 *
 * @param problems why its spec can't be carried out; nothing is made or changed then
 * @param configMap with the instance document as it should be; empty when it stays as it is
 * @param claims volume claims as they should be
 * @param pod what to do about the Pod
 * @param agent agent to attach; empty to detach
 * @param agentStep what to do about an agent that is another one than new Pods get
 * @param restore what to do for a data volume that waits to be filled; empty for nothing
 * @param awaited what somebody has to know: what is waited for
 * @param recheck when to look again though nothing happened
 */
public record UnitDecision(
    List<Problem> problems,
    Optional<ConfigMap> configMap,
    List<PersistentVolumeClaim> claims,
    PodStep pod,
    Optional<Attachment> agent,
    Optional<AgentStep> agentStep,
    Optional<RestoreStep> restore,
    Optional<Awaited> awaited,
    Optional<Duration> recheck) {

  private static final Duration AGENT_AGAIN = Duration.ofMinutes(5);

  /**
   * What is awaited.
   *
   * @param predicate what has to come true
   * @param unblock what the user can do; empty when nothing has to be done
   */
  public record Awaited(String predicate, String unblock) {
    static Awaited of(String predicate) {
      return new Awaited(predicate, "");
    }

    public String sentence() {
      return unblock.isEmpty() ? predicate : predicate + "; " + unblock;
    }
  }

  /** An agent and what it should have. */
  public record Attachment(AgentTarget target, DesiredAgent desired) {}

  /** The same when something was refused, so that no Pod was deleted. */
  UnitDecision withoutDeletion() {
    return pod instanceof PodStep.Delete delete
        ? new UnitDecision(
            problems,
            configMap,
            claims,
            new PodStep.Keep(delete.pod(), Optional.empty(), false),
            agent,
            agentStep,
            restore,
            awaited,
            recheck)
        : this;
  }

  /** The same when another agent was refused, which is tried again. */
  UnitDecision withAgentRefused(List<String> sentences) {
    return sentences.isEmpty()
        ? this
        : new UnitDecision(
            problems,
            configMap,
            claims,
            pod,
            agent,
            Optional.of(new AgentStep.Refused(String.join(" ", sentences))),
            restore,
            awaited,
            recheck.or(() -> Optional.of(AGENT_AGAIN)));
  }

  /** What to do for a data volume that waits to be filled. */
  public sealed interface RestoreStep {
    /** What the engine waits for; empty when it has data. */
    Optional<Awaited> awaited();

    /** Make this call. */
    record Make(GrpcCall call, Optional<Awaited> awaited) implements RestoreStep {}

    /** Have this one end, which does what is not wanted any more. */
    record Cancel(GrpcCall call, Optional<Awaited> awaited) implements RestoreStep {}

    /** None can be made yet. */
    record Lack(Optional<Awaited> awaited) implements RestoreStep {}

    /** There is one. */
    record Await(Optional<Awaited> awaited) implements RestoreStep {}
  }

  /** What to do about the Pod. */
  public sealed interface PodStep {
    /**
     * Leave it; at most labels and annotations change.
     *
     * @param patch JSON merge patch; empty for none
     * @param current whether it was made from the template as it stands
     */
    record Keep(Pod pod, Optional<String> patch, boolean current) implements PodStep {}

    /**
     * Give its engine's container other resources while it runs.
     *
     * @param metadata JSON merge patch to be made first; empty for none
     * @param resources strategic merge patch that asks for them; empty when it was asked already
     * @param hash of the template with those resources
     */
    record Resize(Pod pod, Optional<String> metadata, Optional<String> resources, String hash)
        implements PodStep {}

    /** Make it. */
    record Create(Pod pod) implements PodStep {}

    /**
     * Delete this one; another is made when it is gone.
     *
     * @param dead whether it can't run any more, so that no kubelet has to confirm it
     * @param next the one that comes after it, when this one could go on as well: nothing is
     *     deleted when Kubernetes would refuse that
     */
    record Delete(Pod pod, String reason, boolean dead, Optional<Pod> next) implements PodStep {
      static Delete of(Pod pod, String reason) {
        return new Delete(pod, reason, false, Optional.empty());
      }

      static Delete dead(Pod pod, String reason) {
        return new Delete(pod, reason, true, Optional.empty());
      }
    }

    /** Do nothing, for a reason. */
    record Wait(String reason) implements PodStep {}
  }
}
