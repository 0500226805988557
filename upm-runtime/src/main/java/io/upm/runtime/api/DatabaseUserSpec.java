package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A user that is to be in an engine, and what they may do. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record DatabaseUserSpec(
    @Required
        @Size(min = 1, max = 63)
        @JsonPropertyDescription("Name of the UnitSet that it is in, in the same namespace.")
        String unitSet,
    @Size(min = 1, max = 253)
        @JsonPropertyDescription("Its name in the engine; that of this object when not given.")
        @Nullable String name,
    @Size(min = 1, max = 255)
        @JsonPropertyDescription(
            "Where it may come from, as the engine writes that; from everywhere when not given.")
        @Nullable String host,
    @Required @JsonPropertyDescription("Where its password is.") PasswordReference secretRef,
    @JsonPropertyDescription(
            "All that it may do in databases: what else it may there is taken away.")
        List<GrantSpec> grants,
    @JsonPropertyDescription(
            "What becomes of it when this object is deleted: Retain, which it is when not given, or"
                + " Delete, which drops it.")
        @Nullable DeletionPolicy deletionPolicy)
    implements ProvisionSpec {

  /** Key of a Secret. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record PasswordReference(
      @Required
          @Size(min = 1, max = 253)
          @JsonPropertyDescription("Name of a Secret in the same namespace.")
          String name,
      @Required
          @Size(min = 1, max = 253)
          @JsonPropertyDescription("Key in it whose value is the password.")
          String key) {}

  /** What a user may do in one database. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record GrantSpec(
      @Required
          @Size(min = 1, max = 253)
          @JsonPropertyDescription("Name of the database in the engine. It need not be there yet.")
          String database,
      @Required
          @Size(min = 1)
          @JsonPropertyDescription("What the user may do in it, as the engine calls it.")
          List<String> privileges) {
    public GrantSpec {
      privileges = Lists.copy(privileges);
    }
  }

  public DatabaseUserSpec {
    grants = Lists.copy(grants);
  }
}
