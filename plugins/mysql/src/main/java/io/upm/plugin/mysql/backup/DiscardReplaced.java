package io.upm.plugin.mysql.backup;

import io.upm.plugin.mysql.agent.Directories;
import io.upm.plugin.mysql.agent.Replacement;
import io.upm.spi.PluginException;
import io.upm.spi.action.ActionContext;
import io.upm.spi.action.ActionDescriptor;
import io.upm.spi.action.ActionDescriptor.Engine;
import io.upm.spi.action.ActionResult;
import io.upm.spi.action.AgentAction;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Deletes what restores have replaced, beside a server that runs on what they restored. */
public final class DiscardReplaced implements AgentAction<DiscardReplaced.Wanted> {
  /** It takes no parameters. */
  public record Wanted() {}

  @Override
  public ActionDescriptor<Wanted> descriptor() {
    return new ActionDescriptor<>("discard-replaced", Wanted.class, true, Engine.RUNNING, false);
  }

  @Override
  public ActionResult run(Wanted wanted, ActionContext context) {
    try {
      List<String> gone = discard(context.instance().layout().data());
      return new ActionResult(
          gone.isEmpty() ? "nothing was replaced" : "deleted " + String.join(", ", gone), Map.of());
    } catch (IOException e) {
      throw PluginException.retryable(
          "it can't be deleted: " + e.getClass().getSimpleName() + " " + e.getMessage(), e);
    }
  }

  private static List<String> discard(Path root) throws IOException {
    var gone = new ArrayList<String>();
    try (DirectoryStream<Path> content = Files.newDirectoryStream(root, Replacement.ASIDE + "*")) {
      for (Path each : content) {
        Directories.delete(each);
        gone.add(each.getFileName().toString());
      }
    }
    return gone;
  }
}
