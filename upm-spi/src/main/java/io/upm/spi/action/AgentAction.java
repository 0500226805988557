package io.upm.spi.action;

/** Something that can be done beside the database, such as a backup. */
public interface AgentAction<P extends Record> {
  ActionDescriptor<P> descriptor();

  /**
   * Does it. Runs on a thread of its own, which is interrupted when the action is cancelled.
   *
   * @throws io.upm.spi.PluginException when it failed
   */
  ActionResult run(P parameters, ActionContext context);
}
