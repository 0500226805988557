package io.upm.plugin.mysql.provision;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.upm.plugin.mysql.client.WritableServer;
import io.upm.spi.action.ActionContext;
import io.upm.spi.action.ActionDescriptor;
import io.upm.spi.action.ActionDescriptor.Engine;
import io.upm.spi.action.ActionResult;
import io.upm.spi.action.AgentAction;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.Map;

/** Drops a user; what they made stays. */
public final class DropUser implements AgentAction<DropUser.Wanted> {
  static final String NAME = "drop-user";

  /**
   * Parameters of the action.
   *
   * @param name user name
   * @param host where the user may come from
   */
  public record Wanted(
      @JsonPropertyDescription("User name.")
          @NotNull
          @Pattern(regexp = UserRules.USER, message = UserRules.USER_WORDS)
          String name,
      @JsonPropertyDescription("Where the user may come from.")
          @JsonProperty(defaultValue = "%")
          @Pattern(regexp = UserRules.HOST, message = UserRules.HOST_WORDS)
          String host) {}

  @Override
  public ActionDescriptor<Wanted> descriptor() {
    return new ActionDescriptor<>(NAME, Wanted.class, true, Engine.RUNNING, false);
  }

  @Override
  public ActionResult run(Wanted wanted, ActionContext context) {
    OwnUsers.refuse(context.instance(), wanted.name());
    return WritableServer.use(
        context,
        session -> {
          WritableServer.awaitReplicas(session);
          session.run("DROP USER IF EXISTS ?@?", wanted.name(), wanted.host());
          return new ActionResult(
              "there is no user %s@%s".formatted(wanted.name(), wanted.host()), Map.of());
        });
  }
}
