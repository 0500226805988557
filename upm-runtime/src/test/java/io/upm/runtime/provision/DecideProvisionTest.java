package io.upm.runtime.provision;

import static io.upm.runtime.provision.Declarations.NOW;
import static io.upm.runtime.provision.Declarations.SOURCE;
import static io.upm.runtime.provision.Declarations.call;
import static io.upm.runtime.provision.Declarations.database;
import static io.upm.runtime.provision.Declarations.done;
import static io.upm.runtime.provision.Declarations.given;
import static io.upm.runtime.provision.Declarations.leaving;
import static io.upm.runtime.provision.Declarations.noted;
import static io.upm.runtime.provision.Declarations.user;
import static io.upm.runtime.provision.Declarations.view;
import static io.upm.runtime.provision.Declarations.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.upm.runtime.api.DatabaseUser;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.GrpcCallStatus.Phase;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.ProvisionStatus;
import io.upm.runtime.kube.Owners;
import io.upm.runtime.provision.ProvisionDecision.Hold;
import io.upm.runtime.provision.ProvisionDecision.Step;
import io.upm.runtime.provision.Writer.Candidate;
import io.upm.spi.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DecideProvisionTest {
  private static final Writer OTHER = new Writer(Optional.of("orders-1"), "");
  private static final Writer NOBODY = new Writer(Optional.empty(), "a Unit is ready");

  @Test
  void oneCallGivesItToTheUnitThatTakesWritesAndThenNothingIsDone() {
    DatabaseUser user = user("host: 10.%, grants: [{database: shelf, privileges: [READ, WRITE]}]");
    assertThat(DecideProvision.decide(view(user)).step()).as("not yet noted").isEqualTo(Step.NONE);
    ProvisionView first = noted(view(user));
    ProvisionDecision decision = DecideProvision.decide(first);

    assertThat(decision.step()).isEqualTo(Step.MAKE);
    assertThat(decision.reason()).isEqualTo("Applying");
    assertThat(Objects.requireNonNull(first.status()).call())
        .isEqualTo(decision.order().orElseThrow().name());
    GrpcCall call = decision.order().orElseThrow().call(first);
    assertThat(call.getMetadata().getLabels()).containsEntry("upm.io/database-user", "app");
    assertThat(Owners.controls(user, call)).isTrue();
    assertThat(call.getSpec().targetUnit()).isEqualTo("orders-0");
    assertThat(call.getSpec().type()).isEqualTo("acme");
    assertThat(call.getSpec().action()).isEqualTo("invite");
    assertThat(call.getSpec().secretName()).contains("keys");
    assertThat(call.getSpec().parameterTree().toString())
        .isEqualTo(
            "{\"name\":\"app\",\"host\":\"10.%\",\"passwordKey\":\"app\",\"grants\":[{\"database\":\"shelf\",\"privileges\":[\"READ\",\"WRITE\"]}]}");
    // A crash before the status is written: the same call again, by its name.
    assertThat(DecideProvision.decide(first)).isEqualTo(decision);

    ProvisionView after = view(user, done(first));
    ProvisionStatus status = ProvisionReport.status(after, DecideProvision.decide(after));
    assertThat(status.name()).isEqualTo("app");
    assertThat(status.applied())
        .extracting("unit", "plugin", "secretVersion", "message", "values")
        .containsExactly("orders-0", "1.0.0", "7", "it is said", Map.of("account", "app@%"));
    assertThat(status.conditions()).extracting("status").containsExactly("True");

    ProvisionView later = view(with(user, status), done(first));
    ProvisionDecision settled = DecideProvision.decide(later);
    assertThat(settled.step()).isEqualTo(Step.NONE);
    assertThat(settled.order()).isEmpty();
    assertThat(settled.recheck()).contains(DecideProvision.LOOK);
    assertThat(DecideProvision.over(later, settled)).as("its end is known").hasSize(1);
    assertThat(ProvisionReport.status(later, settled).applied()).isEqualTo(status.applied());
  }

  @Test
  void whatIsGivenStaysReadyWhileItsUnitIsAwayAndIsLookedAtOnTheNextOne() {
    DatabaseUser user = given(user(""));

    ProvisionDecision away = DecideProvision.decide(view(user, NOBODY, "7", NOW));
    ProvisionDecision moved = DecideProvision.decide(noted(view(user, OTHER, "7", NOW)));

    assertThat(away.ready()).isTrue();
    assertThat(away.step()).isEqualTo(Step.NONE);
    assertThat(moved.ready()).isTrue();
    assertThat(moved.step()).isEqualTo(Step.MAKE);
    assertThat(moved.order().orElseThrow().unit()).isEqualTo("orders-1");
  }

  @Test
  void aChangeIsGivenAnewAndWhatWasBegunBeforeMakesRoom() {
    DatabaseUser user = user("");
    ProvisionView first = noted(view(user));
    GrpcCall begun = call(first, Phase.PENDING, 1, Map.of());
    assertThat(DecideProvision.decide(view(user, begun)).step()).isEqualTo(Step.NONE);

    ProvisionView other = noted(view(user, SOURCE, "8", NOW, begun));
    ProvisionDecision decision = DecideProvision.decide(other);

    assertThat(decision.step()).isEqualTo(Step.MAKE);
    assertThat(DecideProvision.over(other, decision)).containsExactly(begun);

    user.getMetadata().setAnnotations(Map.of(Names.ANNOTATION_APPLY, "now"));
    assertThat(DecideProvision.decide(noted(view(user, begun))).step()).isEqualTo(Step.MAKE);
  }

  @Test
  void goingBackToWhatWasGivenBeforeIsWorkAgain() {
    DatabaseUser user = given(user(""));
    ProvisionStatus first = user.getStatus();
    ProvisionView changed = noted(view(user, SOURCE, "8", NOW.plusSeconds(9)));
    ProvisionView after = view(user, SOURCE, "8", NOW.plusSeconds(9), done(changed));
    user.setStatus(ProvisionReport.status(after, DecideProvision.decide(after)));

    ProvisionDecision back =
        DecideProvision.decide(
            noted(view(user, SOURCE, "7", NOW.plusSeconds(19), done(view(user(""))))));

    assertThat(back.step()).isEqualTo(Step.MAKE);
    assertThat(back.order().orElseThrow().hash())
        .isEqualTo(Objects.requireNonNull(first.applied()).hash());
  }

  @Test
  void goingBackIsWorkAlsoWhenNobodyHasSeenTheOtherComeThrough() {
    DatabaseUser user = given(user(""));
    GrpcCall other = done(noted(view(user, SOURCE, "8", NOW.plusSeconds(9))));

    ProvisionView back = noted(view(user, SOURCE, "7", NOW.plusSeconds(19), other));
    ProvisionDecision decision = DecideProvision.decide(back);

    assertThat(decision.step()).isEqualTo(Step.MAKE);
    assertThat(decision.ready()).isFalse();
    assertThat(DecideProvision.over(back, decision)).containsExactly(other);
  }

  @Test
  void aFormerPasswordIsTakenForAWhile() {
    DatabaseUser user = given(user(""));
    ProvisionView changed = view(user, SOURCE, "8", NOW);
    GrpcCall call =
        call(changed, Phase.SUCCEEDED, 1, Map.of("formerPasswordKept", "true", "account", "a"));
    ProvisionView after = view(user, SOURCE, "8", NOW, call);
    user.setStatus(ProvisionReport.status(after, DecideProvision.decide(after)));
    assertThat(user.getStatus().formerPasswordUntil()).isEqualTo("2026-11-22T02:15:00Z");
    assertThat(Objects.requireNonNull(user.getStatus().applied()).values())
        .isEqualTo(Map.of("account", "a"));

    Instant end = NOW.plus(DecideProvision.OVERLAP);
    ProvisionDecision early = DecideProvision.decide(view(user, SOURCE, "8", end.minusSeconds(20)));
    assertThat(early.step()).isEqualTo(Step.NONE);
    assertThat(early.recheck()).contains(Duration.ofSeconds(20));

    ProvisionView due = noted(view(user, SOURCE, "8", end));
    ProvisionDecision settling = DecideProvision.decide(due);
    assertThat(settling.ready()).isTrue();
    assertThat(settling.step()).isEqualTo(Step.MAKE);
    assertThat(settling.order().orElseThrow().parameters().path("discardFormer").asBoolean())
        .isTrue();

    ProvisionView settled = view(user, SOURCE, "8", end, done(due));
    user.setStatus(ProvisionReport.status(settled, DecideProvision.decide(settled)));
    assertThat(user.getStatus().formerPasswordUntil()).isNull();
    assertThat(DecideProvision.decide(view(user, SOURCE, "8", end)).step()).isEqualTo(Step.NONE);
  }

  @Test
  void whatIsLackingIsSaidWithWhatToDo() {
    DatabaseUser user = user("");
    ProvisionView noSecret = view(user, SOURCE, "", NOW);

    ProvisionDecision decision = DecideProvision.decide(noSecret);
    assertThat(decision.message())
        .isEqualTo("waits that there is a Secret keys with a value for the key app");
    assertThat(decision.recheck()).contains(DecideProvision.PAUSE);
    assertThat(ProvisionReport.status(noSecret, decision).waitingFor())
        .extracting("predicate", "unblock")
        .containsExactly("there is a Secret keys with a value for the key app", "make it");

    assertThat(DecideProvision.decide(view(user, NOBODY, "7", NOW)).message())
        .isEqualTo("waits that a Unit is ready");
  }

  @Test
  void whatIsWrongIsSaidAndNothingIsMade() {
    ProvisionView view = view(user(""));
    ProvisionDecision decision =
        DecideProvision.decide(
            new ProvisionView(
                view.declared(),
                List.of(new Problem("spec.name", "root", "another name")),
                true,
                view.type(),
                view.provision(),
                view.writer(),
                view.secretVersion(),
                List.of(),
                NOW));

    assertThat(decision.step()).isEqualTo(Step.NONE);
    assertThat(decision.reason()).isEqualTo("Invalid");
    assertThat(decision.message()).isEqualTo("spec.name: \"root\" is not allowed: another name");
  }

  @Test
  void aFailureStaysSaidAndIsTriedAgainARefusalRarely() {
    DatabaseUser user = user("");
    GrpcCall refused = call(view(user), Phase.FAILED, 1, Map.of());
    GrpcCall failed = call(view(user), Phase.FAILED, 4, Map.of());

    assertThat(DecideProvision.decide(view(user, refused)).reason()).isEqualTo("Failed");
    assertThat(at(user, DecideProvision.AGAIN, refused).step()).isEqualTo(Step.NONE);
    assertThat(at(user, DecideProvision.REFUSED_AGAIN, refused).step()).isEqualTo(Step.MAKE_AGAIN);
    assertThat(at(user, DecideProvision.AGAIN, failed).step()).isEqualTo(Step.MAKE_AGAIN);

    ProvisionView view = view(user, failed);
    user.setStatus(ProvisionReport.status(view, DecideProvision.decide(view)));
    ProvisionDecision again = at(user, DecideProvision.AGAIN.plusSeconds(1));
    assertThat(again.step()).isEqualTo(Step.MAKE);
    assertThat(again.message()).isEqualTo("it is said");
  }

  @Test
  void onlyWhatIsToBeDroppedIsHeld() {
    assertThat(DecideProvision.decide(view(user(""))).hold()).isEqualTo(Hold.AS_IT_IS);
    assertThat(DecideProvision.decide(view(user("deletionPolicy: Retain"))).hold())
        .isEqualTo(Hold.AS_IT_IS);
    DatabaseUser user = user("deletionPolicy: Delete");
    assertThat(DecideProvision.decide(view(user)).hold()).isEqualTo(Hold.ADD);
    user.getMetadata().setFinalizers(List.of(Names.FINALIZER_DROP));
    assertThat(DecideProvision.decide(view(user)).hold()).isEqualTo(Hold.AS_IT_IS);
    user.setSpec(user("").getSpec());
    assertThat(DecideProvision.decide(view(user)).hold()).isEqualTo(Hold.REMOVE);
  }

  @Test
  void whatWasGivenIsDroppedBeforeItsObjectGoes() {
    DatabaseUser user = leaving(given(user("deletionPolicy: Delete, host: 10.%")));
    ProvisionView view = noted(view(user));
    ProvisionDecision decision = DecideProvision.decide(view);

    assertThat(decision.step()).isEqualTo(Step.MAKE);
    assertThat(decision.hold()).isEqualTo(Hold.AS_IT_IS);
    GrpcCall call = decision.order().orElseThrow().call(view);
    assertThat(call.getMetadata().getName()).endsWith("-drop");
    assertThat(call.getMetadata().getOwnerReferences()).isEmpty();
    assertThat(call.getSpec().action()).isEqualTo("dismiss");
    assertThat(call.getSpec().secretRef()).isNull();
    assertThat(call.getSpec().parameterTree().toString())
        .isEqualTo("{\"name\":\"app\",\"host\":\"10.%\"}");

    assertThat(DecideProvision.decide(view(user, done(view))).hold()).isEqualTo(Hold.REMOVE);
    GrpcCall failed = call(view, Phase.FAILED, 1, Map.of());
    assertThat(DecideProvision.decide(view(user, failed)).hold()).isEqualTo(Hold.AS_IT_IS);
    assertThat(at(user, DecideProvision.AGAIN, failed).step()).isEqualTo(Step.MAKE_AGAIN);
  }

  @Test
  void nothingWaitsForWhatIsGone() {
    DatabaseUser never = leaving(user("deletionPolicy: Delete"));
    assertThat(DecideProvision.decide(view(never)).hold()).isEqualTo(Hold.REMOVE);

    DatabaseUser retained = leaving(given(user("deletionPolicy: Retain")));
    assertThat(DecideProvision.decide(view(retained)).hold()).isEqualTo(Hold.REMOVE);

    DatabaseUser user = leaving(given(user("deletionPolicy: Delete")));
    ProvisionDecision waiting = DecideProvision.decide(view(user, NOBODY, "", NOW));
    assertThat(waiting.hold()).isEqualTo(Hold.AS_IT_IS);
    assertThat(waiting.lacking().orElseThrow().unblock())
        .isEqualTo("upm status orders; or set spec.deletionPolicy to Retain");
    ProvisionView view = view(user, NOBODY, "", NOW);
    var gone =
        new ProvisionView(
            view.declared(),
            List.of(),
            false,
            Optional.empty(),
            Optional.empty(),
            view.writer(),
            Optional.empty(),
            List.of(),
            NOW);
    assertThat(DecideProvision.decide(gone).hold()).isEqualTo(Hold.REMOVE);
  }

  @Test
  void aDatabaseHasOptionsAndNoSecret() {
    Declared declared = Declared.of(database("name: shelf_eu, options: {order: big, ink: blue}"));

    assertThat(declared.parameters().toString())
        .isEqualTo("{\"name\":\"shelf_eu\",\"options\":{\"ink\":\"blue\",\"order\":\"big\"}}");
    assertThat(declared.password()).isEmpty();
    assertThat(Declared.of(database("")).parameters().toString()).isEqualTo("{\"name\":\"shelf\"}");
  }

  @Test
  void theUnitThatTakesWritesIsTheSourceOrTheOnlyOne() {
    var ready = new Candidate("orders-0", true);
    var other = new Candidate("orders-1", true);
    var away = new Candidate("orders-1", false);

    assertThat(Writer.pick("orders", List.of(ready), Optional.empty()).unit()).contains("orders-0");
    assertThat(Writer.pick("orders", List.of(ready, other), Optional.of("orders-1")).unit())
        .contains("orders-1");
    assertThat(Writer.pick("orders", List.of(ready, away), Optional.of("orders-1")).awaited())
        .isEqualTo("Unit orders-1 is ready, which takes the writes");
    assertThat(Writer.pick("orders", List.of(ready, other), Optional.of("")).awaited())
        .isEqualTo("a Unit of UnitSet orders takes the writes");
    assertThat(Writer.pick("orders", List.of(ready, other), Optional.of("outside")).awaited())
        .isEqualTo("a Unit of UnitSet orders takes the writes, which outside does now");
    assertThat(Writer.pick("orders", List.of(ready, other), Optional.empty()).awaited())
        .isEqualTo("UnitSet orders has a topology, which says which of its Units takes the writes");
    assertThat(Writer.pick("orders", List.of(), Optional.empty()).awaited())
        .isEqualTo("UnitSet orders has a Unit");
  }

  private static ProvisionDecision at(DatabaseUser user, Duration after, GrpcCall... calls) {
    return DecideProvision.decide(view(user, SOURCE, "7", NOW.plus(after), calls));
  }
}
