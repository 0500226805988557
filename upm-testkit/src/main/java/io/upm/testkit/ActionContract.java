package io.upm.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.upm.spi.action.ActionDescriptor;
import io.upm.spi.action.AgentAction;
import io.upm.testkit.crd.RecordSchema;
import java.util.List;
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
}
