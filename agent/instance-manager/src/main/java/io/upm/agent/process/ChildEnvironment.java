package io.upm.agent.process;

import java.util.List;
import java.util.Map;

/** What programs that the agent starts see of the container's environment. */
public final class ChildEnvironment {
  /** Names, separated by commas, of variables that the launcher set for the agent alone. */
  private static final String AGENT_ONLY = "UPM_AGENT_ONLY";

  private ChildEnvironment() {}

  /**
   * Makes an inherited environment that of a child.
   *
   * @param environment changed in place
   * @param added wins over what is inherited
   */
  public static void prepare(Map<String, String> environment, Map<String, String> added) {
    String own = environment.remove(AGENT_ONLY);
    if (own != null) {
      List.of(own.split(",")).forEach(environment::remove);
    }
    environment.putAll(added);
  }
}
