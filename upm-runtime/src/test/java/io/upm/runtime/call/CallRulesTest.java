package io.upm.runtime.call;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.upm.runtime.api.GrpcCallSpec;
import io.upm.runtime.testing.AcmeEngine;
import io.upm.spi.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CallRulesTest {
  private final AcmeEngine engines = new AcmeEngine();

  @Test
  void sayWhatTypesAndActionsThereAre() {
    assertThat(sentences(CallRules.check(spec("acme", "polish", null, null), engines))).isEmpty();
    assertThat(sentences(CallRules.check(spec("other", "polish", null, null), engines)))
        .containsExactly("spec.type: \"other\" is not allowed: one of acme");
    assertThat(sentences(CallRules.check(spec("acme", "sing", null, null), engines)))
        .containsExactly(
            "spec.action: \"sing\" is not allowed: one of copy, inspect, polish, shred");
    assertThat(
            sentences(
                CallRules.check(spec("acme", "polish", null, null), engines.installed(false))))
        .containsExactly(
            "spec.type: \"acme\" is not allowed: no plugin serves at the moment, so there is no"
                + " type; \"upm plugin list\" says what is awaited, and \"upm plugin install\" brings"
                + " one");
  }

  @Test
  void letACallBeCancelledButNotBecomeAnother() {
    GrpcCallSpec before = spec("acme", "polish", "soft", null);

    assertThat(CallRules.checkChange(before, spec("acme", "polish", "soft", true))).isEmpty();
    assertThat(sentences(CallRules.checkChange(before, spec("acme", "polish", "hard", null))))
        .containsExactly(
            "spec.parameters: \"{\"cloth\":\"hard\"}\" is not allowed: they can't be changed: make"
                + " another GrpcCall");
  }

  private static List<String> sentences(List<Problem> problems) {
    return problems.stream().map(Problem::sentence).toList();
  }

  private static GrpcCallSpec spec(
      String type, String action, @Nullable String cloth, @Nullable Boolean cancel) {
    return new GrpcCallSpec(
        "solo-0",
        type,
        action,
        cloth == null ? null : JsonNodeFactory.instance.objectNode().put("cloth", cloth),
        null,
        null,
        null,
        null,
        cancel);
  }
}
