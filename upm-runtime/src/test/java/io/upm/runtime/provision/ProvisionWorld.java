package io.upm.runtime.provision;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.upm.runtime.api.DatabaseUser;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.GrpcCallStatus;
import io.upm.runtime.api.GrpcCallStatus.Phase;
import io.upm.runtime.api.Names;
import io.upm.runtime.provision.ProvisionDecision.Hold;
import io.upm.runtime.provision.ProvisionDecision.Step;
import io.upm.spi.action.ProvisionDescriptor;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An API server, a Secret and an engine of two units, as far as one declared user is concerned. A
 * unit that takes over may lack what the other one was given.
 */
final class ProvisionWorld {
  private static final List<String> GRANTS =
      List.of("", "grants: [{database: a, privileges: [READ]}]", "host: h");

  final DatabaseUser user = Declarations.user("deletionPolicy: Delete");
  final Map<String, GrpcCall> calls = new TreeMap<>();
  final Map<String, String> engine = new HashMap<>();
  Instant now = Declarations.NOW;
  int secret = 7;
  Optional<String> writer = Optional.of("orders-0");
  boolean setThere = true;
  boolean gone;
  int made;
  int dropped;

  /** What can happen, a look of the runtime among it. */
  enum Event {
    LOOK,
    LOOK_AND_CRASH,
    LOOK_AND_CRASH_SOONER,
    CALL_SUCCEEDS,
    CALL_FAILS,
    SPEC_CHANGES,
    SPEC_CHANGES_BACK,
    POLICY_CHANGES,
    SECRET_CHANGES,
    UNIT_CHANGES,
    UNIT_GOES,
    TIME_PASSES,
    LONG_TIME_PASSES
  }

  void happen(Event event) {
    switch (event) {
      case LOOK -> look();
      case LOOK_AND_CRASH -> look(Life.UNTIL_STATUS);
      case LOOK_AND_CRASH_SOONER -> look(Life.UNTIL_STEP);
      case CALL_SUCCEEDS -> finish(Phase.SUCCEEDED);
      case CALL_FAILS -> finish(Phase.FAILED);
      case SPEC_CHANGES -> spec(1, true);
      case SPEC_CHANGES_BACK -> spec(0, true);
      case POLICY_CHANGES -> spec(0, !user.getSpec().dropped());
      case SECRET_CHANGES -> secret++;
      case UNIT_CHANGES ->
          writer = Optional.of(writer.equals(Optional.of("orders-0")) ? "orders-1" : "orders-0");
      case UNIT_GOES -> writer = Optional.empty();
      case TIME_PASSES -> now = now.plusSeconds(7);
      case LONG_TIME_PASSES -> now = now.plus(Duration.ofHours(2));
    }
  }

  private void spec(int grants, boolean drops) {
    String more = GRANTS.get(grants);
    user.setSpec(
        Declarations.user(
                (drops ? "deletionPolicy: Delete" : "deletionPolicy: Retain")
                    + (more.isEmpty() ? "" : ", " + more))
            .getSpec());
    user.getMetadata().setGeneration(user.getMetadata().getGeneration() + 1);
  }

  ProvisionView view() {
    ProvisionView view =
        Declarations.view(
            user,
            new Writer(writer, writer.isPresent() ? "" : "a Unit is ready"),
            String.valueOf(secret),
            now,
            calls.values().toArray(GrpcCall[]::new));
    return new ProvisionView(
        view.declared(),
        List.of(),
        setThere,
        view.type(),
        view.provision(),
        view.writer(),
        view.secretVersion(),
        view.calls(),
        now);
  }

  /** How long the runtime lives in a look. */
  private enum Life {
    UNTIL_STEP,
    UNTIL_STATUS,
    ON
  }

  /** By a runtime that lives on. */
  ProvisionDecision look() {
    return look(Life.ON);
  }

  private ProvisionDecision look(Life life) {
    ProvisionView view = view();
    ProvisionDecision decision = DecideProvision.decide(view);
    switch (decision.hold()) {
      case ADD -> user.getMetadata().setFinalizers(List.of(Names.FINALIZER_DROP));
      case REMOVE -> {
        user.getMetadata().setFinalizers(List.of());
        gone = view.declared().leaving();
      }
      case AS_IT_IS -> {
        // Nothing.
      }
    }
    DecideProvision.over(view, decision).forEach(this::remove);
    if (life == Life.UNTIL_STEP) {
      return decision;
    }
    String name = decision.order().map(ProvisionOrder::name).orElse("");
    if (decision.step() == Step.MAKE && !calls.containsKey(name)) {
      calls.put(name, decision.order().orElseThrow().call(view));
      made++;
    }
    if (decision.step() == Step.MAKE_AGAIN) {
      calls.remove(name);
    }
    if (life == Life.ON) {
      user.setStatus(ProvisionReport.status(view, decision));
    }
    return decision;
  }

  /** One that is open may have come through by then. */
  private void remove(GrpcCall call) {
    if (call.getStatus() == null) {
      engine.put(call.getSpec().targetUnit(), given(call));
    }
    calls.remove(call.getMetadata().getName());
  }

  /** The oldest call that is open ends. */
  void finish(Phase phase) {
    calls.values().stream()
        .filter(call -> call.getStatus() == null)
        .findFirst()
        .ifPresent(call -> finish(call, phase));
  }

  private void finish(GrpcCall call, Phase phase) {
    Map<String, String> values = Map.of();
    if (phase == Phase.SUCCEEDED) {
      if (call.getSpec().action().equals("dismiss")) {
        engine.clear();
        dropped++;
      } else {
        String given = given(call);
        String had = engine.put(call.getSpec().targetUnit(), given);
        values = had != null && !had.equals(given) ? Map.of("formerPasswordKept", "true") : values;
      }
    }
    call.setStatus(
        new GrpcCallStatus(
            1L,
            phase,
            null,
            "it is said",
            now.toString(),
            now.toString(),
            1,
            "operation",
            "1.0.0",
            null,
            values,
            List.of(),
            null,
            List.of()));
  }

  /** What a call gives the engine: as it was made, with the password of the moment. */
  private String given(GrpcCall call) {
    ObjectNode parameters = call.getSpec().parameterTree().deepCopy();
    parameters.remove(ProvisionDescriptor.DISCARD_FORMER);
    return parameters + " " + secret;
  }

  /** What the engine is to have now. */
  String wanted() {
    return Declared.of(user).parameters() + " " + secret;
  }

  /** Everything goes well from here on. */
  void settle() {
    writer = writer.or(() -> Optional.of("orders-0"));
    for (int round = 0; round < 40; round++) {
      look();
      finish(Phase.SUCCEEDED);
      now = now.plusSeconds(400);
    }
  }

  void delete() {
    user.getMetadata().setDeletionTimestamp(now.toString());
    gone = user.getMetadata().getFinalizers().isEmpty();
  }

  static boolean isQuiet(ProvisionDecision decision) {
    return decision.step() == Step.NONE && decision.hold() == Hold.AS_IT_IS;
  }
}
