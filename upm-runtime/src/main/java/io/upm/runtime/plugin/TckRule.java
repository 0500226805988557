package io.upm.runtime.plugin;

import io.upm.host.plugin.TckEvidence;
import io.upm.host.plugin.TckReport;
import io.upm.host.plugin.TckReport.Capability;
import io.upm.runtime.plugin.Refusal.Reason;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** No build comes to serve with something that it can do and that its TCK report doesn't prove. */
final class TckRule {
  private final TckPolicy policy;
  private final Signatures signatures;

  TckRule(TckPolicy policy, Signatures signatures) {
    this.policy = policy;
    this.signatures = signatures;
  }

  /**
   * Looks at what a build brings along.
   *
   * @param capabilities what it can do
   */
  void check(Wish wish, TckEvidence evidence, Set<Capability> capabilities) throws Refusal {
    if (evidence.report().isEmpty()) {
      if (policy == TckPolicy.REQUIRED) {
        throw refused(wish, "has %s, and the policy is Required".formatted(evidence.sentence()));
      }
      return;
    }
    if (evidence.signed().isPresent() && !signatures.vouchFor(evidence.signed().get())) {
      throw refused(wish, "has a TCK report whose signature is of no key that the runtime trusts");
    }
    TckReport report = evidence.report().get();
    List<String> unproven =
        new TreeSet<>(capabilities)
            .stream().filter(one -> !report.proves(one)).map(Capability::word).toList();
    if (!unproven.isEmpty()) {
      throw refused(
          wish,
          "can do what its TCK report doesn't prove: %s (%s)"
              .formatted(String.join(", ", unproven), report.sentence()));
    }
  }

  private static Refusal refused(Wish wish, String why) {
    return new Refusal(
        Reason.NOT_PROVEN,
        "version %s at %s %s".formatted(wish.version(), wish.source().text(), why));
  }
}
