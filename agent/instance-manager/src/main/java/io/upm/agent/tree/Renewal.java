package io.upm.agent.tree;

import io.upm.agent.report.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the agent end when another tree was put beside its own, so that the launcher runs the next
 * one from there. What is being done for the engine ends first; the engine itself doesn't notice.
 */
public final class Renewal {
  private static final Logger LOG = LoggerFactory.getLogger(Renewal.class);

  /** The agent is in the middle of something then. */
  private static final Set<Phase> BUSY =
      EnumSet.of(Phase.INITIALIZING, Phase.STARTING, Phase.STOPPING);

  private final Tree tree;
  private final Path run;
  private final Surroundings around;

  /**
   * What it needs of the rest of the agent.
   *
   * @param phase of the engine
   * @param noMoreOperations to be told that none may begin any more; false while one runs
   * @param makeWay ends the agent
   */
  public record Surroundings(
      Supplier<Phase> phase, BooleanSupplier noMoreOperations, Runnable makeWay) {}

  /**
   * @param run where the launcher looks whether the agent serves
   */
  public Renewal(Tree tree, Path run, Surroundings around) {
    this.tree = tree;
    this.run = run;
    this.around = around;
  }

  /** The tree that it runs from. */
  public Tree tree() {
    return tree;
  }

  /** Tells the launcher that this agent serves. */
  public void serves() throws IOException {
    Path proof = run.resolve("serves-" + tree.id());
    Files.deleteIfExists(proof);
    Files.createFile(proof);
  }

  /** Ends the agent if another tree is there and nothing stands in the way. */
  public void look() {
    Optional<String> next = next();
    if (next.isEmpty()
        || BUSY.contains(around.phase().get())
        || !around.noMoreOperations().getAsBoolean()) {
      return;
    }
    LOG.info("ends, for the next agent to run from tree {}", next.get());
    around.makeWay().run();
  }

  /** What the launcher will choose, if that is another one. */
  private Optional<String> next() {
    try {
      return Optional.of(Files.readString(tree.root().resolve("tree")).strip())
          .filter(id -> id.matches("[a-z0-9]{1,40}"))
          .filter(id -> !id.equals(tree.id()))
          .filter(id -> !tree.refused().contains(id))
          .filter(id -> Files.isDirectory(tree.root().resolve("trees").resolve(id)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.warn("whether there is another tree can't be read: {}", e.toString());
      return Optional.empty();
    }
  }
}
