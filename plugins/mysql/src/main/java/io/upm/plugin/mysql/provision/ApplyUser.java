package io.upm.plugin.mysql.provision;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.upm.plugin.mysql.client.LoginPassword;
import io.upm.plugin.mysql.client.Sql;
import io.upm.plugin.mysql.client.WritableServer;
import io.upm.spi.Password;
import io.upm.spi.PluginException;
import io.upm.spi.action.ActionContext;
import io.upm.spi.action.ActionDescriptor;
import io.upm.spi.action.ActionDescriptor.Engine;
import io.upm.spi.action.ActionResult;
import io.upm.spi.action.AgentAction;
import io.upm.spi.action.ProvisionDescriptor;
import io.upm.spi.action.ProvisionDescriptor.Subject;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes a user, or gives one that is there the password and the privileges in databases that are
 * declared. Privileges for the whole server, for single tables and by roles stay as they are.
 */
public final class ApplyUser implements AgentAction<ApplyUser.Wanted> {
  /**
   * Parameters of the action.
   *
   * @param name user name
   * @param host where the user may come from
   * @param passwordKey key in the action's Secret
   * @param grants all that the user may do in databases
   * @param discardFormer whether a second password is to be taken no longer
   */
  public record Wanted(
      @JsonPropertyDescription("User name.")
          @NotNull
          @Pattern(regexp = UserRules.USER, message = UserRules.USER_WORDS)
          String name,
      @JsonPropertyDescription("Where the user may come from.")
          @JsonProperty(defaultValue = "%")
          @Pattern(regexp = UserRules.HOST, message = UserRules.HOST_WORDS)
          String host,
      @JsonPropertyDescription("Key of the password in the Secret.") @NotBlank String passwordKey,
      @JsonPropertyDescription(
              "All that the user may do in databases: a database and privileges each. What else it"
                  + " may there is taken away.")
          List<Grant> grants,
      @JsonPropertyDescription(
              "Whether the password before the present one is to be taken no longer.")
          @Nullable Boolean discardFormer) {
    /**
     * Privileges as the server calls them, by their place as it keeps that.
     *
     * @param literal whether a place is the name of a database, and no pattern of such names
     */
    Map<String, Set<String>> privileges(boolean literal) {
      var all = new TreeMap<String, Set<String>>();
      for (Grant grant : grants) {
        String where = literal ? grant.database() : GrantChange.pattern(grant.database());
        Set<String> at = all.computeIfAbsent(where, place -> new TreeSet<>());
        Privilege.each(grant.privileges()).forEach(one -> at.add(one.sql()));
      }
      return all;
    }

    boolean discardsFormer() {
      return Boolean.TRUE.equals(discardFormer);
    }
  }

  /**
   * What a user may do in one database.
   *
   * @param database its name
   * @param privileges what they may do
   */
  public record Grant(
      @JsonPropertyDescription("Name of the database, which need not be there yet.")
          @NotNull
          @Pattern(regexp = Sql.DATABASE, message = Sql.DATABASE_WORDS)
          String database,
      @JsonPropertyDescription("What the user may do in it.") @NotEmpty
          List<Privilege> privileges) {}

  @Override
  public ActionDescriptor<Wanted> descriptor() {
    return new ActionDescriptor<>("apply-user", Wanted.class, false, Engine.RUNNING, false);
  }

  @Override
  public Optional<ProvisionDescriptor> provision() {
    return Optional.of(new ProvisionDescriptor(Subject.USER, DropUser.NAME));
  }

  @Override
  public ActionResult run(Wanted wanted, ActionContext context) {
    OwnUsers.refuse(context.instance(), wanted.name());
    Password password =
        context
            .secret(wanted.passwordKey())
            .orElseThrow(() ->
                PluginException.user(
                    "the Secret has no key \"%s\" with the password"
                        .formatted(wanted.passwordKey())));
    LoginPassword.check(wanted.name(), password);
    return WritableServer.use(
        context, session -> new ServerUser(session, wanted, context::log).apply(password));
  }
}
