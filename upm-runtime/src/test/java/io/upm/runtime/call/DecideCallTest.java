package io.upm.runtime.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.upm.runtime.agent.Following.End;
import io.upm.runtime.agent.Following.Heard;
import io.upm.runtime.agent.Following.Phase;
import io.upm.runtime.agent.Following.Report;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.GrpcCallSpec;
import io.upm.runtime.api.GrpcCallStatus;
import io.upm.runtime.call.CallDecision.Step;
import io.upm.runtime.call.CallView.Lacking;
import io.upm.runtime.call.CallView.Word;
import io.upm.spi.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DecideCallTest {
  private static final Instant MADE = Instant.parse("2026-11-22T08:00:00Z");
  private static final String UID = "0b8f";

  @Test
  void beginsWhenNothingIsLacking() {
    CallDecision decision = decide(call(spec()), Optional.empty(), Optional.empty());

    assertThat(decision.step()).isEqualTo(Step.BEGIN);
    assertThat(decision.phase()).isEqualTo(GrpcCallStatus.Phase.PENDING);
  }

  @Test
  void waitsForWhatIsLackingAndSaysSo() {
    CallDecision decision =
        decide(
            call(spec()), Optional.of(new Lacking("there is a Unit db-0", "")), Optional.empty());

    assertThat(decision.step()).isEqualTo(Step.NONE);
    assertThat(decision.message()).isEqualTo("waits that there is a Unit db-0");
  }

  @Test
  void badInputIsRefusedInSentencesAndNothingIsBegun() {
    var view =
        new CallView(
            call(spec()),
            List.of(new Problem("spec.action", "sing", "one of polish")),
            Optional.empty(),
            true,
            Optional.empty(),
            MADE);

    CallDecision decision = DecideCall.decide(view);

    assertThat(decision.phase()).isEqualTo(GrpcCallStatus.Phase.FAILED);
    assertThat(decision.step()).isEqualTo(Step.NONE);
    assertThat(decision.message()).isEqualTo("spec.action: \"sing\" is not allowed: one of polish");
  }

  @Test
  void anAgentThatHasSomethingElseToDoIsAskedAgainAfterAPause() {
    var busy = heard(Optional.empty(), End.NOT_NOW, "operation x runs");

    assertThat(decide(call(spec()), MADE.plusSeconds(1), busy).step()).isEqualTo(Step.NONE);
    CallDecision later = decide(call(spec()), MADE.plus(DecideCall.PAUSE), busy);
    assertThat(later.step()).isEqualTo(Step.BEGIN);
    assertThat(later.message()).contains("operation x runs");
  }

  @Test
  void whatAnAgentRefusesHasFailed() {
    CallDecision decision =
        decide(call(spec()), MADE, heard(Optional.empty(), End.REFUSED, "no such action"));

    assertThat(decision.phase()).isEqualTo(GrpcCallStatus.Phase.FAILED);
    assertThat(decision.message()).isEqualTo("no such action");
  }

  /**
   * Whether it was begun before the connection broke is not known; its name makes that harmless.
   */
  @Test
  void oneOfWhichNothingWasHeardIsBegunOnceMoreUnderItsName() {
    CallDecision decision =
        decide(
            call(spec()),
            MADE.plus(DecideCall.PAUSE),
            heard(Optional.empty(), End.BROKEN, "unavailable"));

    assertThat(decision.step()).isEqualTo(Step.BEGIN);
    assertThat(decision.attempt()).isEqualTo(1);
  }

  @Test
  void oneThatRunsIsOnlyFollowedByANewRuntime() {
    CallDecision decision = decide(running(spec()), Optional.empty(), Optional.empty());

    assertThat(decision.step()).isEqualTo(Step.FOLLOW);
    assertThat(decision.phase()).isEqualTo(GrpcCallStatus.Phase.RUNNING);
  }

  @Test
  void oneThatRanAndThatItsAgentDoesNotKnowHasFailedAndIsNotBegunAgain() {
    CallDecision decision =
        decide(running(spec()), MADE, heard(Optional.empty(), End.UNKNOWN, "not found"));

    assertThat(decision.phase()).isEqualTo(GrpcCallStatus.Phase.FAILED);
    assertThat(decision.message()).contains("how far it came is not known");
  }

  @Test
  void aFailureThatMayPassIsTriedAgainAsOftenAsIsWanted() {
    var failed = heard(Optional.of(report(Phase.FAILED, true)), End.NONE, "");

    CallDecision first = decide(call(spec(2, null, false)), MADE, failed);
    assertThat(first.phase()).isEqualTo(GrpcCallStatus.Phase.PENDING);
    assertThat(first.attempt()).isEqualTo(2);
    assertThat(first.step()).isEqualTo(Step.NONE);
    CallDecision last = decide(attempt(spec(2, null, false), 3), MADE, failed);
    assertThat(last.phase()).isEqualTo(GrpcCallStatus.Phase.FAILED);
    assertThat(last.attempt()).isEqualTo(3);
  }

  @Test
  void aFailureThatDoesNotPassIsTheEnd() {
    CallDecision decision =
        decide(
            call(spec(2, null, false)),
            MADE,
            heard(Optional.of(report(Phase.FAILED, false)), End.NONE, ""));

    assertThat(decision.phase()).isEqualTo(GrpcCallStatus.Phase.FAILED);
  }

  @Test
  void cancellingEndsAtOnceWhatHasNotBegunAndAsksTheAgentOtherwise() {
    GrpcCallSpec cancelled = spec(0, null, true);
    var runs = heard(Optional.of(report(Phase.RUNNING, false)), End.NONE, "");

    assertThat(decide(call(cancelled), Optional.empty(), Optional.empty()).phase())
        .isEqualTo(GrpcCallStatus.Phase.CANCELLED);
    CallDecision asked = decide(call(cancelled), MADE, runs);
    assertThat(asked.step()).isEqualTo(Step.CANCEL);
    assertThat(asked.phase()).isEqualTo(GrpcCallStatus.Phase.RUNNING);
    CallDecision ended =
        decide(
            call(cancelled),
            MADE,
            heard(Optional.of(report(Phase.CANCELLED, false)), End.NONE, ""));
    assertThat(ended.phase()).isEqualTo(GrpcCallStatus.Phase.CANCELLED);
  }

  @Test
  void theDeadlineEndsWhatHasNotBegunWithWhatItWaitedForAndCancelsWhatRuns() {
    GrpcCallSpec bounded = spec(0, 60, false);
    Instant after = MADE.plusSeconds(60);

    CallDecision waited =
        DecideCall.decide(
            new CallView(
                call(bounded),
                List.of(),
                Optional.of(new Lacking("there is a Unit db-0", "")),
                false,
                Optional.empty(),
                after));
    assertThat(waited.phase()).isEqualTo(GrpcCallStatus.Phase.FAILED);
    assertThat(waited.message())
        .isEqualTo("its deadline of 60 s is over, and it still waited that there is a Unit db-0");
    var runs = heard(Optional.of(report(Phase.RUNNING, false)), End.NONE, "");
    assertThat(decide(call(bounded), after, runs).step()).isEqualTo(Step.CANCEL);
    CallDecision ended =
        decide(
            call(bounded), after, heard(Optional.of(report(Phase.CANCELLED, false)), End.NONE, ""));
    assertThat(ended.phase()).isEqualTo(GrpcCallStatus.Phase.FAILED);
    assertThat(ended.message()).isEqualTo("its deadline of 60 s is over");
    assertThat(decide(call(bounded), MADE.plusSeconds(20), runs).recheck())
        .contains(Duration.ofSeconds(40));
  }

  @ParameterizedTest
  @EnumSource(
      value = GrpcCallStatus.Phase.class,
      names = {"SUCCEEDED", "FAILED", "CANCELLED"})
  void whatHasEndedStaysAsItIsAndGoesWhenItsTimeIsOver(GrpcCallStatus.Phase phase) {
    GrpcCall call = call(new GrpcCallSpec("db-0", "acme", "polish", null, null, 10, null, 3, true));
    call.setStatus(status(phase, 1, MADE.toString()));

    CallDecision before = decide(call, MADE.plusSeconds(4), Optional.<Word>empty());
    assertThat(before.step()).isEqualTo(Step.FORGET);
    assertThat(before.recheck()).contains(Duration.ofSeconds(6));
    assertThat(decide(call, MADE.plusSeconds(10), Optional.<Word>empty()).step())
        .isEqualTo(Step.DELETE);
  }

  private static CallDecision decide(
      GrpcCall call, Optional<Lacking> lacking, Optional<Word> heard) {
    return DecideCall.decide(new CallView(call, List.of(), lacking, true, heard, MADE));
  }

  private static CallDecision decide(GrpcCall call, Instant now, Optional<Word> heard) {
    return DecideCall.decide(new CallView(call, List.of(), Optional.empty(), true, heard, now));
  }

  private static Optional<Word> heard(Optional<Report> report, End end, String problem) {
    return Optional.of(new Word(new Heard(report, end, problem), MADE));
  }

  private static Report report(Phase phase, boolean retryable) {
    long end = phase == Phase.RUNNING ? 0 : MADE.toEpochMilli();
    return new Report(phase, "1.0.0", "it " + phase, 1, 2, Map.of(), List.of(), 1, end, retryable);
  }

  private static GrpcCallSpec spec() {
    return spec(0, null, false);
  }

  private static GrpcCallSpec spec(
      int retries, @org.jspecify.annotations.Nullable Integer deadline, boolean cancel) {
    return new GrpcCallSpec("db-0", "acme", "polish", null, null, null, deadline, retries, cancel);
  }

  private static GrpcCall call(GrpcCallSpec spec) {
    var call = new GrpcCall();
    call.setMetadata(
        new ObjectMetaBuilder()
            .withName("shine")
            .withNamespace("team")
            .withUid(UID)
            .withCreationTimestamp(MADE.toString())
            .build());
    call.setSpec(spec);
    return call;
  }

  private static GrpcCall running(GrpcCallSpec spec) {
    GrpcCall call = call(spec);
    call.setStatus(status(GrpcCallStatus.Phase.RUNNING, 1, null));
    return call;
  }

  private static GrpcCall attempt(GrpcCallSpec spec, int attempt) {
    GrpcCall call = call(spec);
    call.setStatus(status(GrpcCallStatus.Phase.RUNNING, attempt, null));
    return call;
  }

  private static GrpcCallStatus status(
      GrpcCallStatus.Phase phase,
      int attempt,
      @org.jspecify.annotations.Nullable String completed) {
    return new GrpcCallStatus(
        1L,
        phase,
        null,
        "",
        null,
        completed,
        attempt,
        UID + "-" + attempt,
        null,
        null,
        Map.of(),
        List.of(),
        null,
        List.of());
  }
}
