package io.upm.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.upm.spi.action.ActionDescriptor;
import io.upm.spi.action.AgentAction;
import io.upm.spi.action.BackupDescriptor;
import io.upm.spi.action.ProvisionDescriptor;
import io.upm.testkit.crd.RecordSchema;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Actions beside the engine, as far as they can be asked about without it. */
public interface ActionContract extends PluginUnderTest {
  @Test
  default void actionsHaveNamesAndParametersWithASchema() {
    List<AgentAction<?>> actions = plugin().actions(Samples.agentContext());

    assertThat(actions.stream().map(action -> action.descriptor().name()))
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("[a-z][a-z0-9-]*"));
    for (AgentAction<?> action : actions) {
      ActionDescriptor<?> descriptor = action.descriptor();
      JsonNode schema = RecordSchema.of(descriptor.parameters());
      assertThat(schema.path("type").asText()).as(descriptor.name()).isEqualTo("object");
    }
  }

  @Test
  default void whatMakesBackupsNamesTheActionThatRemovesThem() {
    List<AgentAction<?>> actions = plugin().actions(Samples.agentContext());

    for (AgentAction<?> action : actions) {
      action
          .backup()
          .ifPresent(backup ->
              assertThat(actions)
                  .as("%s, which removes backups of %s", backup, action.descriptor().name())
                  .anyMatch(other ->
                      other.descriptor().name().equals(backup.discard())
                          && RecordSchema.of(other.descriptor().parameters())
                              .path("properties")
                              .has(BackupDescriptor.SOURCE)));
    }
  }

  @Test
  default void whatGivesDatabasesAndUsersIsOnePerKindAndNamesTheActionThatRemovesThem() {
    List<AgentAction<?>> actions = plugin().actions(Samples.agentContext());
    List<AgentAction<?>> givers =
        actions.stream().filter(action -> action.provision().isPresent()).toList();

    assertThat(givers)
        .extracting(action -> action.provision().orElseThrow().subject())
        .doesNotHaveDuplicates();
    for (AgentAction<?> giver : givers) {
      ActionDescriptor<?> descriptor = giver.descriptor();
      ProvisionDescriptor provision = giver.provision().orElseThrow();
      Set<String> parameters = parameters(giver);
      assertThat(descriptor.destructive()).as("%s is destructive", descriptor.name()).isFalse();
      assertThat(parameters).as(descriptor.name()).contains(ProvisionDescriptor.NAME);
      if (provision.subject() == ProvisionDescriptor.Subject.USER) {
        assertThat(parameters)
            .as(descriptor.name())
            .contains(
                ProvisionDescriptor.PASSWORD_KEY,
                ProvisionDescriptor.GRANTS,
                ProvisionDescriptor.DISCARD_FORMER);
      }
      assertThat(actions)
          .as("%s, which removes what %s gives", provision.drop(), descriptor.name())
          .anyMatch(other ->
              other.descriptor().name().equals(provision.drop())
                  && parameters(other).contains(ProvisionDescriptor.NAME)
                  && parameters(other).contains(ProvisionDescriptor.HOST)
                      == parameters.contains(ProvisionDescriptor.HOST));
    }
  }

  private static Set<String> parameters(AgentAction<?> action) {
    var names = new HashSet<String>();
    RecordSchema.of(action.descriptor().parameters())
        .path("properties")
        .fieldNames()
        .forEachRemaining(names::add);
    return names;
  }

  @Test
  default void whatChecksDataNeedsARunningEngineAndNamesActionsThatMakeBackups() {
    List<AgentAction<?>> actions = plugin().actions(Samples.agentContext());
    Set<String> makers = new HashSet<>();
    actions.stream()
        .filter(action -> action.backup().isPresent())
        .forEach(action -> makers.add(action.descriptor().name()));
    for (AgentAction<?> action : actions) {
      ActionDescriptor<?> descriptor = action.descriptor();
      action
          .check()
          .ifPresent(check -> {
            assertThat(descriptor.engine())
                .as(descriptor.name())
                .isEqualTo(ActionDescriptor.Engine.RUNNING);
            assertThat(descriptor.destructive()).as(descriptor.name()).isFalse();
            assertThat(RecordSchema.of(descriptor.parameters()).path("required"))
                .as("parameters that %s needs", descriptor.name())
                .isEmpty();
            assertThat(check.backups()).as(descriptor.name()).isSubsetOf(makers);
          });
    }
  }

  @Test
  default void whatRestoresNeedsAStoppedEngine() {
    assertThat(plugin().actions(Samples.agentContext()))
        .filteredOn(AgentAction::restores)
        .allSatisfy(action ->
            assertThat(action.descriptor().engine())
                .as(action.descriptor().name())
                .isEqualTo(ActionDescriptor.Engine.STOPPED));
  }
}
