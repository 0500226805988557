package io.upm.spi.instance;

import java.util.Optional;

/**
 * Passwords of an engine while it runs, and how other ones take their place without anybody being
 * refused: for a time the engine takes both. Called by the agent, one call at a time for each
 * instance. The passwords that the engine was last seen to take are those of {@link
 * AgentContext#accounts()}; they change when {@link #change} has come to its end, and not before.
 *
 * <p>Every call may be repeated, and may follow one that ended anywhere, in this process or in one
 * that is gone.
 */
public interface LiveAccounts {
  /**
   * Makes the engine take the passwords of a changed Secret beside the present ones, where that is
   * this instance's to do; elsewhere it finds out whether this instance takes them by now.
   *
   * @param wanted what the Secret says
   * @param former passwords that the engine still takes since an earlier change
   * @return empty when this instance and all that logs in from beside it use the wanted ones;
   *     otherwise what that waits for, one sentence without passwords
   * @throws io.upm.spi.PluginException of kind USER when a password can't be used, and none was
   *     changed; of another kind when the engine can't be asked
   */
  Optional<String> change(Instance instance, Accounts wanted, Accounts former);

  /**
   * Makes the engine take the former passwords no more, where that is this instance's to do. The
   * agent calls it when everybody has had the time to learn the present ones.
   *
   * @return empty when it doesn't take them; otherwise what that waits for
   * @throws io.upm.spi.PluginException when the engine can't be asked
   */
  Optional<String> settle(Instance instance, Accounts former);
}
