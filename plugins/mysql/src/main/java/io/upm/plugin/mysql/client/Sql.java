package io.upm.plugin.mysql.client;

/** Which names may stand in statements, and how they do. */
public final class Sql {
  /** The server's own databases. */
  public static final String SERVERS_OWN =
      "(?i:mysql|sys|information_schema|performance_schema|ndbinfo)";

  /** A database; never one of the server's own. */
  public static final String DATABASE = "(?!" + SERVERS_OWN + "$)[A-Za-z0-9_$][A-Za-z0-9_$-]{0,63}";

  public static final String DATABASE_WORDS =
      "1 to 64 letters, digits, _, $ and -, and none of the server's own databases";

  private Sql() {}

  /** As an identifier. */
  public static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
