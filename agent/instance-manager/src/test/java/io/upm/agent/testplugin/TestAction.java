package io.upm.agent.testplugin;

import io.upm.spi.PluginException;
import io.upm.spi.action.ActionContext;
import io.upm.spi.action.ActionDescriptor;
import io.upm.spi.action.ActionDescriptor.Engine;
import io.upm.spi.action.ActionResult;
import io.upm.spi.action.AgentAction;
import jakarta.validation.constraints.NotBlank;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.BiFunction;

/** Actions that leave lines in a file {@code actions} on the data volume. */
record TestAction(
    ActionDescriptor<Text> descriptor, BiFunction<String, ActionContext, ActionResult> work)
    implements AgentAction<TestAction.Text> {
  private static final Duration STEP = Duration.ofMillis(20);
  private static final Duration LONGEST = Duration.ofMinutes(2);

  /** Parameters of all of them. */
  record Text(@NotBlank String text) {}

  /** Ends at once. */
  static final TestAction SAY = action("say", Engine.RUNNING, false, TestAction::say);

  /** Ends when there is a file of the name that it is given. */
  static final TestAction WAIT = action("wait", Engine.ANY, true, TestAction::await);

  /** As {@link #WAIT}, on a stopped engine. */
  static final TestAction MOVE = action("move", Engine.STOPPED, false, TestAction::await);

  private static TestAction action(
      String name,
      Engine engine,
      boolean cancellable,
      BiFunction<String, ActionContext, ActionResult> work) {
    return new TestAction(
        new ActionDescriptor<>(name, Text.class, false, engine, cancellable), work);
  }

  @Override
  public ActionResult run(Text parameters, ActionContext context) {
    note(context, descriptor.name() + " " + parameters.text());
    return work.apply(parameters.text(), context);
  }

  private static ActionResult say(String text, ActionContext context) {
    if (text.equals("nothing")) {
      throw PluginException.retryable("there is nothing to say", null);
    }
    String secret = context.secret("key").map(value -> "a key").orElse("no key");
    context.log("said " + text);
    return new ActionResult("it is said", Map.of("text", text, "secret", secret));
  }

  private static ActionResult await(String name, ActionContext context) {
    Path file = context.instance().layout().data().resolve(name);
    long deadline = System.nanoTime() + LONGEST.toNanos();
    for (long step = 1; !Files.exists(file); step++) {
      context.progress(new ActionContext.Progress(step, 0, "waits for " + name));
      if (System.nanoTime() > deadline) {
        throw PluginException.retryable(name + " did not come", null);
      }
      try {
        Thread.sleep(STEP);
      } catch (InterruptedException e) {
        note(context, "interrupted");
        throw PluginException.retryable("interrupted", e);
      }
    }
    return new ActionResult(name + " came", Map.of());
  }

  private static void note(ActionContext context, String line) {
    Path file = context.instance().layout().data().resolve("actions");
    try {
      String before = Files.exists(file) ? Files.readString(file) : "";
      Files.writeString(file, before + line + "\n");
    } catch (IOException e) {
      throw PluginException.retryable("can't write " + file, e);
    }
  }
}
