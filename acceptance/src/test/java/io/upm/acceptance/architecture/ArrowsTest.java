package io.upm.acceptance.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The arrows of docs/architecture.md: plugins → SPI ← host ← runtime, agent. */
class ArrowsTest {
  private static JavaClasses upm;

  @BeforeAll
  static void importClasses() {
    upm =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.upm");
  }

  @Test
  void spiNeedsNothingButAnnotationsAndSlf4j() {
    classes()
        .that()
        .resideInAPackage("io.upm.spi..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.upm.spi..",
            "java..",
            "org.slf4j..",
            "com.fasterxml.jackson.annotation..",
            "jakarta.validation..",
            "org.jspecify..")
        .check(upm);
  }

  @Test
  void pluginsSeeTheSpiAndNeitherKubernetesNorGrpcNorTheirHosts() {
    noClasses()
        .that()
        .resideInAPackage("io.upm.plugin..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.fabric8..",
            "io.javaoperatorsdk..",
            "io.grpc..",
            "org.pf4j..",
            "io.upm.host..",
            "io.upm.runtime..",
            "io.upm.agent..",
            "io.upm.testkit..")
        .check(upm);
  }

  @Test
  void hostKnowsNeitherKubernetesNorGrpcNorItsUsers() {
    noClasses()
        .that()
        .resideInAPackage("io.upm.host..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.fabric8..",
            "io.javaoperatorsdk..",
            "io.grpc..",
            "io.upm.runtime..",
            "io.upm.agent..",
            "io.upm.plugin..")
        .check(upm);
  }

  @Test
  void runtimeKnowsNoPluginAndOfTheAgentOnlyItsProtocol() {
    noClasses()
        .that()
        .resideInAPackage("io.upm.runtime..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.upm.plugin..", "io.upm.testkit..")
        .check(upm);
    noClasses()
        .that()
        .resideInAPackage("io.upm.runtime..")
        .should()
        .dependOnClassesThat(
            com.tngtech.archunit.base.DescribedPredicate.describe(
                "are the agent's own",
                type ->
                    type.getPackageName().startsWith("io.upm.agent")
                        && !type.getPackageName().startsWith("io.upm.agent.protocol")))
        .check(upm);
  }

  @Test
  void agentKnowsNoPluginNoKubernetesAndNoRuntime() {
    noClasses()
        .that()
        .resideInAPackage("io.upm.agent..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.upm.plugin..",
            "io.upm.runtime..",
            "io.upm.testkit..",
            "io.fabric8..",
            "io.javaoperatorsdk..")
        .check(upm);
  }

  @Test
  void testkitKnowsNeitherRuntimeNorAgent() {
    noClasses()
        .that()
        .resideInAPackage("io.upm.testkit..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.upm.runtime..", "io.upm.agent..", "io.upm.plugin..")
        .check(upm);
  }

  @Test
  void decisionsArePure() {
    noClasses()
        .that()
        .haveNameMatching("io\\.upm\\..*\\.(Decide\\w*|\\w*Decision|\\w*Decider)(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.fabric8.kubernetes.client..", "java.net..", "java.sql..", "org.slf4j..")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(Clock.class, "instant")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(upm);
  }

  @Test
  void packagesOfTheRuntimeAreFreeOfCycles() {
    slices().matching("io.upm.runtime.(*)..").should().beFreeOfCycles().check(upm);
  }

  @Test
  void packagesOfThePluginsAreFreeOfCycles() {
    slices().matching("io.upm.plugin.(*).(*)..").should().beFreeOfCycles().check(upm);
  }
}
