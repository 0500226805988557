package io.upm.agent;

import io.upm.agent.log.Logging;
import io.upm.agent.train.Training;
import io.upm.host.net.NameCache;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/** The agent's process. */
public final class AgentMain {
  /** Why it ends. */
  private enum End {
    /** The container stops. */
    STOP(0),
    /** Another agent takes over. */
    MAKE_WAY(75);

    /** As the launcher understands it. */
    private final int exitCode;

    End(int exitCode) {
      this.exitCode = exitCode;
    }
  }

  private AgentMain() {}

  /** Runs until it is told to stop, or as {@link Training} with {@code --train [plugin.zip]}. */
  public static void main(String[] arguments) {
    NameCache.keepShort();
    Logging.toStandardOutput();
    Logger log = LoggerFactory.getLogger(AgentMain.class);
    // Not a shutdown hook: that one would race with the hooks of logging and others. A signal that
    // comes before this line ends the process, and the launcher starts another to stop the engine.
    var told = new CompletableFuture<End>();
    Signal.handle(new Signal("TERM"), signal -> told.complete(End.STOP));
    Signal.handle(new Signal("INT"), signal -> told.complete(End.STOP));
    End end = End.STOP;
    // A request without an end must not hold a thread for ever.
    System.setProperty("sun.net.httpserver.maxReqTime", "10");
    try {
      if (arguments.length > 0 && arguments[0].equals("--train")) {
        Training.run(Arrays.stream(arguments).skip(1).findFirst().map(Path::of), version());
      } else {
        end = run(told);
      }
    } catch (Exception e) {
      log.error("the agent can't run", e);
      System.exit(1);
    }
    System.exit(end.exitCode);
  }

  private static End run(CompletableFuture<End> told) throws Exception {
    Settings settings = Settings.from(System.getenv());
    if (settings.terminating()) {
      told.complete(End.STOP);
    }
    var identity = new Agent.Identity(version(), () -> told.complete(End.MAKE_WAY));
    try (Agent agent = Agent.start(settings, identity)) {
      End end = told.join();
      if (end == End.STOP) {
        agent.terminate();
        agent.awaitFinished();
      }
      return end;
    }
  }

  private static String version() {
    return Optional.ofNullable(AgentMain.class.getPackage().getImplementationVersion())
        .orElse("dev");
  }
}
