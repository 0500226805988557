package io.upm.runtime.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.upm.runtime.api.UnitSet;
import io.upm.runtime.testing.Manifests;
import org.junit.jupiter.api.Test;

class GoneTest {
  private final UnitSet set = Manifests.set();

  @Test
  void isNotTriedAgain() {
    var control = Gone.orRetry(set, new RuntimeException(failure(404, "unitsets", "db")));

    assertThat(control.isNoRetry()).isTrue();
  }

  @Test
  void isNothingElseThatIsMissingOrFails() {
    assertThat(Gone.orRetry(set, failure(404, "services", "db")).isDefaultErrorProcessing())
        .isTrue();
    assertThat(Gone.orRetry(set, failure(404, "unitsets", "other")).isDefaultErrorProcessing())
        .isTrue();
    assertThat(Gone.orRetry(set, failure(409, "services", "db")).isDefaultErrorProcessing())
        .isTrue();
    assertThat(Gone.orRetry(set, new IllegalStateException("x")).isDefaultErrorProcessing())
        .isTrue();
  }

  @Test
  void isLookedAtAgainWhenItWasChangedMeanwhile() {
    var control = Gone.orRetry(set, failure(409, "unitsets", "db"));

    assertThat(control.isNoRetry()).isTrue();
    assertThat(control.getScheduleDelay()).isPresent();
  }

  @Test
  void isWhatKubernetesWillNotMakeBecauseItsNamespaceGoes() {
    var refusal =
        new KubernetesClientException(
            "refused",
            403,
            new StatusBuilder()
                .withCode(403)
                .withNewDetails()
                .withKind("pods")
                .addNewCause()
                .withReason("NamespaceTerminating")
                .endCause()
                .endDetails()
                .build());

    assertThatThrownBy(() ->
            new Attempts()
                .run(
                    "the Pod",
                    () -> {
                      throw refusal;
                    }))
        .as("it is no problem of the object's")
        .isSameAs(refusal);
    assertThat(Gone.orRetry(set, refusal).isNoRetry()).isTrue();
  }

  private static KubernetesClientException failure(int code, String kind, String name) {
    return new KubernetesClientException(
        "refused",
        code,
        new StatusBuilder()
            .withCode(code)
            .withNewDetails()
            .withKind(kind)
            .withName(name)
            .endDetails()
            .build());
  }
}
