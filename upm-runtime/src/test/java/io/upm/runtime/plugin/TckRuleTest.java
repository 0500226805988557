package io.upm.runtime.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.upm.host.plugin.TckEvidence;
import io.upm.host.plugin.TckReport;
import io.upm.host.plugin.TckReport.Capability;
import io.upm.runtime.api.PluginPackageSpec.SignaturePolicy;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Builds and what was proven of them. */
class TckRuleTest {
  private static final Set<Capability> ALL = EnumSet.allOf(Capability.class);
  private static final Set<Capability> LEAST = EnumSet.of(Capability.CONFIG, Capability.LIFECYCLE);
  private static final byte[] CONTENT = "report".getBytes(StandardCharsets.UTF_8);

  @Test
  void withoutAReportIsTakenUnlessOneIsRequired() {
    var none = new TckEvidence(Optional.empty(), "no TCK report", Optional.empty());

    assertThatCode(() -> check(TckPolicy.IF_PRESENT, none, ALL)).doesNotThrowAnyException();
    assertThat(refusal(TckPolicy.REQUIRED, none, LEAST))
        .isEqualTo("version 1.0.0 at oci://host/toy has no TCK report, and the policy is Required");
  }

  @Test
  void whatItCanDoMustBeProvenByAReportThatIsThere() {
    for (TckPolicy policy : TckPolicy.values()) {
      assertThatCode(() -> check(policy, proving(ALL), ALL)).doesNotThrowAnyException();
      assertThatCode(() -> check(policy, proving(ALL), LEAST)).doesNotThrowAnyException();
      assertThatCode(() -> check(policy, proving(LEAST), LEAST)).doesNotThrowAnyException();
      assertThat(refusal(policy, proving(LEAST), ALL))
          .contains(
              "can do what its TCK report doesn't prove: actions, topology (config, life cyc");
    }
  }

  @Test
  void aSignedReportMustBeOfATrustedKey() throws GeneralSecurityException {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    PublicKey other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic();
    Signature signer = Signature.getInstance("Ed25519");
    signer.initSign(pair.getPrivate());
    signer.update(CONTENT);
    var signed = new TckEvidence.Signed(CONTENT, signer.sign());
    var evidence = new TckEvidence(proving(ALL).report(), "proven", Optional.of(signed));

    assertThatCode(() -> check(Map.of("us", other, "them", pair.getPublic()), evidence))
        .doesNotThrowAnyException();
    assertThatCode(() -> check(Map.of(), evidence))
        .as("where no key is trusted")
        .doesNotThrowAnyException();
    Refusal refusal =
        catchThrowableOfType(Refusal.class, () -> check(Map.of("us", other), evidence));
    assertThat(refusal.reason()).isEqualTo(Refusal.Reason.NOT_PROVEN);
    assertThat(refusal.sentence()).contains("is of no key that the runtime trusts");
  }

  private static TckEvidence proving(Set<Capability> capabilities) {
    var passed = new EnumMap<Capability, Integer>(Capability.class);
    capabilities.forEach(one -> passed.put(one, 3));
    var report = new TckReport("toy", "0.1.0", "sha256:1", passed);
    return new TckEvidence(Optional.of(report), report.sentence(), Optional.empty());
  }

  private static String refusal(TckPolicy policy, TckEvidence evidence, Set<Capability> has) {
    return catchThrowableOfType(Refusal.class, () -> check(policy, evidence, has)).sentence();
  }

  private static void check(TckPolicy policy, TckEvidence evidence, Set<Capability> has)
      throws Refusal {
    new TckRule(policy, new Signatures(Map.of())).check(wish(), evidence, has);
  }

  private static void check(Map<String, PublicKey> keys, TckEvidence evidence) throws Refusal {
    new TckRule(TckPolicy.REQUIRED, new Signatures(keys)).check(wish(), evidence, ALL);
  }

  private static Wish wish() {
    return new Wish(
        "toy",
        PluginSource.of("oci://host/toy", "1.0.0"),
        "1.0.0",
        Optional.empty(),
        false,
        SignaturePolicy.NONE,
        Optional.empty(),
        1);
  }
}
