package io.upm.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A walk through specs, right and wrong ones, that always ends where its last right one says. The
 * walk follows from its seed: {@code -Dupm.walk.seed=N} walks it again.
 */
@Timeout(1800)
@Tag("side-by-side")
class RandomWalkIT {
  private static final Logger LOG = LoggerFactory.getLogger(RandomWalkIT.class);
  private static final long SEED = Long.getLong("upm.walk.seed", 20_261_121);
  private static final int EDITS = Integer.getInteger("upm.walk.edits", 250);
  private static final int REST = 50;

  private final List<String> path = new ArrayList<>();
  private int refused;

  @Test
  void endsReadyWithExactlyTheDesiredChildren() throws Exception {
    try (var scene = new FaultScene()) {
      scene.start();
      walk(scene, new RandomEdits(SEED));
    }
    LOG.info("{} of {} edits were refused by the API server", refused, EDITS);
    assertThat(refused).isPositive();
  }

  private void walk(FaultScene scene, RandomEdits edits) {
    try {
      for (int step = 1; step <= EDITS; step++) {
        take(scene, edits.next());
        if (edits.oneIn(4)) {
          awaitSeen(scene);
        }
        if (step % REST == 0) {
          take(scene, edits.settled());
          UnitSet set = scene.cluster().get(UnitSet.class, "db");
          scene.awaitWhole(set.getSpec().units(), set.getSpec().version());
          path.clear();
        }
      }
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          "walk it again with -Dupm.walk.seed=%d; since it was whole: %s%n%s%n%s"
              .formatted(SEED, path, scene.names(Unit.class), scene.told()),
          e);
    }
  }

  private void take(FaultScene scene, RandomEdits.Edit edit) {
    path.add(edit.change());
    try {
      scene.cluster().apply("db", edit.manifest());
    } catch (KubernetesClientException e) {
      assertThat(edit.isRight()).as(edit.change() + ": " + e.getMessage()).isFalse();
      assertThat(e.getCode()).as(edit.change() + ": " + e.getMessage()).isIn(400, 422);
      refused++;
    }
  }

  /** Until the runtime has looked at the spec as it stands. */
  private static void awaitSeen(FaultScene scene) {
    await()
        .atMost(FaultScene.SOON)
        .until(() -> {
          UnitSet set = scene.cluster().set("db").get();
          return set == null
              || (set.getStatus() != null
                  && set.getMetadata()
                      .getGeneration()
                      .equals(set.getStatus().observedGeneration()));
        });
  }
}
