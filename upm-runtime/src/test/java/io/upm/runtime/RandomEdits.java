package io.upm.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.upm.runtime.testing.Manifests;
import java.util.List;
import java.util.Random;

/**
 * Edits of a set's manifest as users make them, right and wrong ones. What is right goes on from
 * what was right before; what is wrong is put on top of it, and gone with the next right one.
 */
final class RandomEdits {
  /**
   * Each leaves the spec one that can be carried out; {@code %d} is a number from 1 to 4. None
   * empties a map: server-side apply leaves null where {@code {}} follows what it had set there,
   * which the API server then refuses itself.
   */
  private static final List<String> RIGHT =
      List.of(
          "spec/units=%d",
          "spec/version='1.2.%d'",
          "spec/resources={limits: {cpu: '%1$d', memory: %1$dGi}, requests: {cpu: '1', memory: 1Gi}}",
          "spec/env=[{name: ADM_USER, value: boss}, {name: EXTRA, value: 'v%d'}]",
          "spec/env=[{name: ADM_USER, value: boss}]",
          "spec/externalService={annotations: {n: 'a%d'}}",
          "spec/externalService={type: NodePort}",
          "spec/externalService=",
          "spec/unitService={type: ClusterIP}",
          "spec/unitService={type: NodePort}",
          "spec/unitService=",
          "metadata/labels={tier: 't%d'}",
          "metadata/labels={tier: gold, team: 'x%d'}",
          "metadata/labels=",
          "metadata/annotations={note: 'n%d'}",
          "metadata/annotations=",
          "spec/parameters={max_links: %d00}",
          "spec/parameters={max_links: %d0, checks: STRICT, verbose: true}",
          "spec/parameters=",
          "spec/pause=true",
          "spec/pause=",
          "spec/updateStrategy={rollingUpdate: {partition: %d}}",
          "spec/updateStrategy={rollingUpdate: {maxUnavailable: %d}}",
          "spec/updateStrategy={type: OnDelete}",
          "spec/updateStrategy=",
          "spec/podAntiAffinityPreset=hard",
          "spec/podAntiAffinityPreset=soft",
          "spec/podAntiAffinityPreset=",
          "spec/emptyDir=[{name: scratch, mountPath: /scratch, size: %dGi}]",
          "spec/emptyDir=",
          "spec/sharedConfigName=absent-%d",
          "spec/sharedConfigName=");

  /** Each is refused by the API server, or reported and not carried out. */
  private static final List<String> WRONG =
      List.of(
          "spec/units=0",
          "spec/units=-%d",
          "spec/type=other%d",
          "spec/version='9.%d'",
          "spec/version=newest",
          "spec/version=",
          "spec/resources={limits: {memory: %dMi}}",
          "spec/resources={limits: {memory: 1Gi}, requests: {memory: %d00Gi}}",
          "spec/storages/0/size=%dMi",
          "spec/storages/0/size=big",
          "spec/storages/0/mountPath=relative",
          "spec/storages/0/storageClassName=other%d",
          "spec/storages=",
          "spec/secret={name: absent-%d, mountPath: /SECRET_MOUNT}",
          "spec/secret=",
          "spec/env=[{name: ADM_USER, value: nobody%d}]",
          "spec/parameters={max_links: %d0000}",
          "spec/parameters={checks: sometimes}",
          "spec/parameters={unheard_of: %d}",
          "spec/updateStrategy={type: Sometimes}",
          "spec/updateStrategy={rollingUpdate: {maxUnavailable: 0}}",
          "spec/podAntiAffinityPreset=maybe",
          "spec/emptyDir=[{name: data, mountPath: /again, size: %dGi}]",
          "spec/emptyDir=[{name: scratch, mountPath: /DATA_MOUNT, size: %dGi}]",
          "spec/externalService={type: Nonsense}",
          "spec/topology={mode: nonsense}");

  private final Random random;
  private ObjectNode right = Manifests.tree(Manifests.SET);

  RandomEdits(long seed) {
    this.random = new Random(seed);
  }

  /** The next manifest, and what was done for it. */
  record Edit(ObjectNode manifest, String change, boolean isRight) {}

  Edit next() {
    if (random.nextInt(3) == 0) {
      String change = pick(WRONG);
      return new Edit(Manifests.tree(right.toString(), change), change, false);
    }
    String change = pick(RIGHT);
    right = Manifests.tree(right.toString(), change);
    return new Edit(right.deepCopy(), change, true);
  }

  /** What is right, with nothing in it that keeps it from being carried out in full. */
  Edit settled() {
    right = Manifests.tree(right.toString(), "spec/pause=", "spec/updateStrategy=");
    return new Edit(right.deepCopy(), "nothing held back", true);
  }

  /** True one time in so many. */
  boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  private String pick(List<String> changes) {
    return changes.get(random.nextInt(changes.size())).formatted(1 + random.nextInt(4));
  }
}
