package io.upm.plugin.mysql.provision;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a user may do in a database. All that the server knows there, but handing on to others what
 * oneself may.
 */
public enum Privilege {
  @JsonProperty("ALL")
  ALL("ALL"),
  @JsonProperty("ALTER")
  ALTER("ALTER"),
  @JsonProperty("ALTER ROUTINE")
  ALTER_ROUTINE("ALTER ROUTINE"),
  @JsonProperty("CREATE")
  CREATE("CREATE"),
  @JsonProperty("CREATE ROUTINE")
  CREATE_ROUTINE("CREATE ROUTINE"),
  @JsonProperty("CREATE TEMPORARY TABLES")
  CREATE_TEMPORARY_TABLES("CREATE TEMPORARY TABLES"),
  @JsonProperty("CREATE VIEW")
  CREATE_VIEW("CREATE VIEW"),
  @JsonProperty("DELETE")
  DELETE("DELETE"),
  @JsonProperty("DROP")
  DROP("DROP"),
  @JsonProperty("EVENT")
  EVENT("EVENT"),
  @JsonProperty("EXECUTE")
  EXECUTE("EXECUTE"),
  @JsonProperty("INDEX")
  INDEX("INDEX"),
  @JsonProperty("INSERT")
  INSERT("INSERT"),
  @JsonProperty("LOCK TABLES")
  LOCK_TABLES("LOCK TABLES"),
  @JsonProperty("REFERENCES")
  REFERENCES("REFERENCES"),
  @JsonProperty("SELECT")
  SELECT("SELECT"),
  @JsonProperty("SHOW VIEW")
  SHOW_VIEW("SHOW VIEW"),
  @JsonProperty("TRIGGER")
  TRIGGER("TRIGGER"),
  @JsonProperty("UPDATE")
  UPDATE("UPDATE");

  private final String sql;

  Privilege(String sql) {
    this.sql = sql;
  }

  /** As a statement has it, and as the server tells it. */
  public String sql() {
    return sql;
  }

  /** Each by itself. */
  static Set<Privilege> each(Collection<Privilege> given) {
    if (given.contains(ALL)) {
      return EnumSet.complementOf(EnumSet.of(ALL));
    }
    return given.isEmpty() ? EnumSet.noneOf(Privilege.class) : EnumSet.copyOf(given);
  }
}
