package io.upm.plugin.mysql.topology;

import static io.upm.plugin.mysql.topology.Model.gtids;
import static org.assertj.core.api.Assertions.assertThat;

import io.upm.spi.topology.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Fresh servers under random restarts, silences, stopped and redirected replication, writes and
 * wishes for another source, with a decision carried out now and then. A seed replays exactly.
 */
class DecideHistoryTest {
  private static final int HISTORIES = 3000;
  private static final int EVENTS = 60;
  private static final List<String> NAMES = List.of("a", "b", "c");

  @ParameterizedTest
  @ValueSource(strings = {"rpl_async", "rpl_semi_sync"})
  void neverTwoWritableNothingLostAndHealedInTheEnd(String mode) {
    for (long seed = 0; seed < HISTORIES; seed++) {
      var history = new History(mode, seed);
      history.run();
    }
  }

  private static final class History {
    private final Model model;
    private final boolean semiSync;
    private final Random random;
    private final long seed;
    private final List<String> log = new ArrayList<>();
    private long written;

    History(String mode, long seed) {
      this.model = new Model(Model.spec(mode));
      this.semiSync = mode.equals("rpl_semi_sync");
      this.random = new Random(seed);
      this.seed = seed;
      model.servers.values().forEach(server -> server.restart(semiSync));
    }

    void run() {
      for (int event = 0; event < EVENTS; event++) {
        happen();
        if (random.nextInt(4) > 0) {
          model.replicate();
        }
        assertThat(model.open()).as(this::toString).hasSizeLessThanOrEqualTo(1);
      }
      model.servers.values().forEach(server -> server.reachable = true);
      model.settle(120);
      wish(model.memory.source().orElseThrow());
      model.settle(120);
      wish(NAMES.get(random.nextInt(NAMES.size())));
      model.now = model.now.plus(Switchover.RETRY);
      Decision end = model.settle(120);
      assertThat(end).as(this::toString).isInstanceOf(Decision.Nothing.class);
      model.replicate();
      assertThat(model.servers.values())
          .as(this::toString)
          .allMatch(server -> server.executed.count() == written);
      assertThat(model.open())
          .as(this::toString)
          .singleElement()
          .hasFieldOrPropertyWithValue("name", model.spec.source().name());
    }

    private void wish(String name) {
      log.add("wish " + name);
      model.spec = Model.preferring(name, model.spec);
    }

    private void happen() {
      Model.Server server = model.server(NAMES.get(random.nextInt(NAMES.size())));
      model.now = model.now.plusSeconds(random.nextInt(4));
      switch (random.nextInt(14)) {
        case 0 -> {
          log.add("restart " + server.name);
          server.restart(semiSync);
        }
        case 1 -> {
          log.add("silence " + server.name);
          server.reachable = false;
        }
        case 2 -> {
          log.add("back " + server.name);
          server.reachable = true;
        }
        case 3 -> {
          log.add("stop " + server.name);
          server.running = false;
        }
        case 4 -> redirect(server);
        case 5, 6 -> write();
        case 7 -> {
          // Before there is a source, the wish decides whose data counts.
          if (model.memory.source().isPresent()) {
            wish(server.name);
          }
        }
        default -> {
          Decision decision = model.decide();
          log.add(decision.toString());
          model.apply(decision);
        }
      }
    }

    /** Somebody meddles with a replica. */
    private void redirect(Model.Server server) {
      boolean replica =
          server.source != null && !model.memory.source().filter(server.name::equals).isPresent();
      if (replica) {
        log.add("redirect " + server.name);
        server.source = server.name.equals("c") ? "b" : "c";
      }
    }

    private void write() {
      if (!model.open().isEmpty()) {
        Model.Server source = model.open().getFirst();
        written++;
        source.executed = source.executed.plus(gtids("a", written, written));
        log.add("write " + written + " to " + source.name);
      }
    }

    @Override
    public String toString() {
      return "seed %d\n%s\n%s".formatted(seed, String.join("\n", log), model);
    }
  }
}
