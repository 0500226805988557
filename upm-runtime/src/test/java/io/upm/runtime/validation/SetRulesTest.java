package io.upm.runtime.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.runtime.api.UnitSet;
import io.upm.runtime.testing.AcmeEngine;
import io.upm.runtime.testing.Manifests;
import io.upm.runtime.unitset.SetValidation;
import io.upm.spi.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each bad spec gets one sentence with field, value and what is allowed. */
class SetRulesTest {
  private static final Map<String, Set<String>> SECRETS =
      Map.of(
          "db-secret", Set.of("boss", "root", "replication"),
          "empty", Set.of(),
          "cipher", Set.of("AES_SECRET_KEY"),
          "tls", Set.of("tls.crt", "tls.key"));

  @ParameterizedTest
  @MethodSource("io.upm.runtime.validation.BadSets#all")
  void tellsFieldValueAndWhatIsAllowed(BadSets.Row row) {
    List<Problem> problems = check(row.changes().toArray(String[]::new));

    assertThat(problems)
        .anySatisfy(problem -> {
          assertThat(problem.field()).isEqualTo(row.field());
          assertThat(problem.value()).isEqualTo(row.value());
          assertThat(problem.allowed()).contains(row.allowed());
        });
    assertThat(problems).as("no problem is told twice").doesNotHaveDuplicates();
    assertThat(problems)
        .allSatisfy(problem -> assertThat(problem.sentence()).doesNotContain("\n", "null"));
  }

  @Test
  void judgesEnoughMistakes() {
    assertThat(BadSets.all().count()).isGreaterThanOrEqualTo(150);
  }

  @ParameterizedTest
  @MethodSource("io.upm.runtime.validation.GoodSets#all")
  void findsNothingWrongWithWhatIsAllowed(List<String> changes) {
    assertThat(check(changes.toArray(String[]::new))).isEmpty();
  }

  @Test
  void tellsAllProblemsAtOnce() {
    List<Problem> problems =
        check(
            "spec/units=0", "spec/version='9'", "spec/storages/0/size=10GB", "spec/secret/name=no");

    assertThat(problems)
        .extracting(Problem::field)
        .contains("spec.units", "spec.version", "spec.storages.data.size", "spec.secret.name");
  }

  @Test
  void saysThatNoPluginIsInstalled() {
    UnitSet set = Manifests.set();
    var subject =
        new SetSubject(
            "db",
            Map.of(),
            set.getSpec(),
            List.of(),
            Optional.empty(),
            SetSubject.Surroundings.UNKNOWN);

    assertThat(SetRules.check(subject))
        .extracting(Problem::sentence)
        .containsExactly(
            "spec.type: \"acme\" is not allowed: no plugin serves at the moment, so there is"
                + " no type; \"upm plugin list\" says what is awaited, and \"upm plugin install\""
                + " brings one");
  }

  @Test
  void leavesSecretsToTheReconcilerWhenNobodyLooked() {
    UnitSet set = Manifests.set("spec/secret/name=not-there-yet");

    assertThat(problems(set, SetSubject.Surroundings.UNKNOWN)).isEmpty();
  }

  private static List<Problem> check(String... changes) {
    return problems(
        Manifests.set(changes),
        new SetSubject.Surroundings(Optional.of(SECRETS), Map.of("data", "9Gi")));
  }

  private static List<Problem> problems(UnitSet set, SetSubject.Surroundings surroundings) {
    var engine = new AcmeEngine();
    Map<String, String> annotations = set.getMetadata().getAnnotations();
    var subject =
        new SetSubject(
            set.getMetadata().getName(),
            annotations == null ? Map.of() : annotations,
            set.getSpec(),
            List.of("acme"),
            engine.find(set.getSpec().type()),
            surroundings);
    return switch (SetValidation.judge(set, subject, new TreeMap<>())) {
      case SetValidation.Verdict.Wrong wrong -> wrong.problems();
      case SetValidation.Verdict.Fine fine -> List.of();
    };
  }
}
