package io.upm.plugin.mysql.provision;

/** Which users there may be, and where they may come from. */
final class UserRules {
  /** A user; never one of the server's own. */
  static final String USER = "(?!(?i:mysql\\.))[A-Za-z0-9_$][A-Za-z0-9_.$-]{0,31}";

  static final String USER_WORDS =
      "1 to 32 letters, digits, _, ., $ and -, and none of the server's own users";

  static final String HOST = "[A-Za-z0-9_.%:/-]{1,255}";
  static final String HOST_WORDS =
      "a host name, an address or a network as in 10.1.0.0/255.255.0.0; % stands for anything";

  private UserRules() {}
}
