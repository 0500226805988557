package io.upm.plugin.mysql.topology;

import static io.upm.plugin.mysql.topology.Model.gtids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.upm.plugin.mysql.client.GtidSet;
import io.upm.plugin.mysql.topology.MysqlReplicationSpec.Member;
import io.upm.spi.topology.Decision;
import io.upm.spi.topology.Memory;
import io.upm.spi.topology.Step;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every state that three servers can be in, as far as decisions tell states apart. */
class DecideExhaustiveTest {
  private static final GtidSet COMMON = gtids("a", 1, 5);
  private static final List<GtidSet> DATA =
      List.of(COMMON, gtids("a", 1, 6), COMMON.plus(gtids("b", 1, 1)));
  private static final int ROUNDS = 60;

  /** How a server replicates. */
  private enum Link {
    NONE,
    FROM_A,
    FROM_A_STOPPED,
    FROM_C
  }

  private record ServerCase(boolean reachable, boolean open, GtidSet data, Link link) {
    void put(Model.Server server) {
      server.reachable = reachable;
      server.flags(!open, !open);
      server.has(data);
      @Nullable String source =
          switch (link) {
            case NONE -> null;
            case FROM_A, FROM_A_STOPPED -> server.name.equals("a") ? "b" : "a";
            case FROM_C -> server.name.equals("c") ? "b" : "c";
          };
      server.source = source;
      server.running = link == Link.FROM_A || link == Link.FROM_C;
    }
  }

  @Test
  void everyStepIsSafeInEveryState() {
    int[] states = {0};
    forEachState(
        List.of(true, false),
        model -> {
          states[0]++;
          Decision decision = model.decide();
          if (decision instanceof Decision.Perform perform) {
            check(perform.step(), model);
          }
        });
    assertThat(states[0]).isGreaterThan(100_000);
  }

  @Test
  void everyStateSettlesWithAtMostOneWritableServer() {
    forEachState(
        List.of(true),
        model -> {
          String before = model.toString();
          int open = model.open().size();
          Decision end = settle(model, open);
          model.replicate();
          if (end instanceof Decision.Nothing) {
            String source = model.memory.source().orElseThrow();
            if (model.open().size() != 1
                || !model.open().getFirst().name.equals(source)
                || !model.servers.values().stream()
                    .allMatch(one -> one.executed.equals(model.server(source).executed))) {
              fail("not what was wanted: %s\nfrom %s", model, before);
            }
          } else if (model.memory.source().isPresent() && model.open().size() > 1) {
            fail("two are writable: %s\nfrom %s", model, before);
          }
        });
  }

  /** As {@link Model#settle}, looking at each step. */
  private static Decision settle(Model model, int openBefore) {
    int open = openBefore;
    for (int round = 0; round < ROUNDS; round++) {
      Decision decision = model.decide();
      if (decision instanceof Decision.Nothing || decision instanceof Decision.WaitFor) {
        return decision;
      }
      if (decision instanceof Decision.Perform perform) {
        check(perform.step(), model);
      }
      model.apply(decision);
      if (model.open().size() > Math.max(1, open)) {
        fail("one more is writable: %s", model);
      }
      open = model.open().size();
      model.replicate();
    }
    return fail("not settled: %s\n%s", model, model.decide());
  }

  private static void check(Step step, Model model) {
    Model.Server server = model.server(step.node());
    Optional<String> source = model.memory.source();
    boolean fine =
        server.reachable
            && switch (step.kind()) {
              case Steps.OPEN -> mayOpen(server, model);
              case Steps.CLOSE ->
                  !source.filter(server.name::equals).isPresent()
                      || !Optional.of(server.uuid)
                          .equals(Optional.ofNullable(model.memory.facts().get("sourceUuid")));
              case Steps.FOLLOW, Steps.START ->
                  server.superReadOnly
                      && !source.filter(server.name::equals).isPresent()
                      && model.server(source.orElseThrow()).reachable
                      && model.server(source.orElseThrow()).executed.contains(server.executed)
                      && step.argument(Steps.SOURCE).equals(source.orElseThrow());
              default -> true;
            };
    if (!fine) {
      fail("%s is not safe in\n%s", step, model);
    }
  }

  private static boolean mayOpen(Model.Server server, Model model) {
    Optional<String> source = model.memory.source();
    boolean entitled =
        source.isPresent()
            ? source.get().equals(server.name)
            : model.spec.source().name().equals(server.name)
                && model.servers.values().stream().allMatch(one -> one.reachable);
    return entitled
        && (!model.situation().semiSync() || server.waits)
        && model.servers.values().stream()
            .filter(other -> other != server && other.reachable)
            .allMatch(other -> other.superReadOnly && server.executed.contains(other.executed));
  }

  private static void forEachState(List<Boolean> reachable, Consumer<Model> test) {
    List<ServerCase> cases =
        reachable.stream()
            .flatMap(up ->
                DATA.stream()
                    .flatMap(data ->
                        List.of(Link.values()).stream()
                            .flatMap(link ->
                                List.of(true, false).stream()
                                    .map(open -> new ServerCase(up, open, data, link)))))
            .toList();
    for (String mode : List.of("rpl_async", "rpl_semi_sync")) {
      for (Optional<String> source : List.of(Optional.<String>empty(), Optional.of("a"))) {
        Model model = new Model(Model.spec(mode));
        for (ServerCase a : cases) {
          for (ServerCase b : cases) {
            for (ServerCase c : cases) {
              a.put(model.server("a"));
              b.put(model.server("b"));
              c.put(model.server("c"));
              model.servers.values().forEach(server -> semiSync(server, mode));
              model.servers.values().forEach(model::connect);
              model.memory = memory(source);
              test.accept(model);
            }
          }
        }
      }
    }
  }

  private static void semiSync(Model.Server server, String mode) {
    server.waits = false;
    server.acknowledges = mode.equals("rpl_semi_sync");
    server.acknowledging = server.acknowledges;
  }

  private static Memory memory(Optional<String> source) {
    Map<String, String> facts = new HashMap<>();
    source.ifPresent(name -> facts.put("sourceUuid", Model.uuid(name)));
    return new Memory(source.isPresent() ? 1 : 0, source, Optional.empty(), facts);
  }

  @Test
  void membersAreWhatTheSpecNames() {
    assertThat(Model.spec("rpl_async").members())
        .extracting(Member::name)
        .containsExactly("a", "b", "c");
  }
}
