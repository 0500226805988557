package io.upm.plugin.mysql.topology;

import static io.upm.plugin.mysql.topology.Model.gtids;
import static io.upm.plugin.mysql.topology.Model.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.upm.spi.topology.Decision;
import io.upm.spi.topology.Decision.Nothing;
import io.upm.spi.topology.Decision.WaitFor;

/** Servers in a model, and what is decided about them. */
abstract class DecideScene {
  static final int ROUNDS = 40;

  Model model = new Model(spec("rpl_semi_sync"));

  /** A running cluster with {@code a} as its source. */
  Model running(String mode) {
    model = new Model(spec(mode));
    assertThat(model.settle(ROUNDS)).isInstanceOf(Nothing.class);
    model.server("a").has(gtids("a", 1, 9));
    model.replicate();
    return model;
  }

  void decides(String kind, String node) {
    assertThat(model.decide())
        .isInstanceOfSatisfying(
            Decision.Perform.class,
            perform -> {
              assertThat(perform.step().kind()).isEqualTo(kind);
              assertThat(perform.step().node()).isEqualTo(node);
            });
  }

  void waitsFor(String predicate) {
    assertThat(model.decide())
        .isInstanceOfSatisfying(
            WaitFor.class, wait -> assertThat(wait.predicate()).contains(predicate));
  }
}
