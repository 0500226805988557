package io.upm.runtime.agent;

import io.upm.runtime.pki.CertificateAuthority;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections to agents over gRPC with mutual TLS. Safe for concurrent use. */
public final class GrpcAgents implements Agents {
  private static final Logger LOG = LoggerFactory.getLogger(GrpcAgents.class);

  private final AgentChannels channels;
  private final Pushes pushes = new Pushes();
  private final Silence silence;
  private final InstantSource clock;
  private final AgentLink.Timing timing;
  private final Map<UnitKey, AgentLink> links = new ConcurrentHashMap<>();
  private final List<Consumer<UnitKey>> listeners = new CopyOnWriteArrayList<>();

  public GrpcAgents(CertificateAuthority authority, InstantSource clock) {
    this(new AgentChannels(authority, clock, AgentChannels.PORT), clock, AgentLink.Timing.DEFAULT);
  }

  GrpcAgents(AgentChannels channels, InstantSource clock, AgentLink.Timing timing) {
    this.channels = channels;
    this.clock = clock;
    this.timing = timing;
    this.silence = new Silence(timing.silence());
  }

  @Override
  public void attach(UnitKey unit, AgentTarget target, DesiredAgent desired) {
    links.compute(
        unit,
        (key, current) -> {
          if (current != null && current.target().equals(target)) {
            current.desire(desired);
            return current;
          }
          if (current != null) {
            current.close();
          }
          return open(unit, target, desired);
        });
  }

  @Override
  public void detach(UnitKey unit) {
    AgentLink link = links.remove(unit);
    if (link != null) {
      link.close();
    }
  }

  @Override
  public Optional<AgentView> view(UnitKey unit) {
    return Optional.ofNullable(links.get(unit)).map(AgentLink::view);
  }

  @Override
  public Optional<Following> follow(UnitKey unit, OperationOrder order, Runnable onChange) {
    return Optional.ofNullable(links.get(unit))
        .flatMap(AgentLink::channel)
        .map(channel -> OperationLink.open(channel, order, onChange));
  }

  @Override
  public void onChange(Consumer<UnitKey> listener) {
    listeners.add(listener);
  }

  /** How many agents are heard ({@code connected}), and how many are not ({@code silent}). */
  public Map<String, Long> states() {
    var states = new TreeMap<>(Map.of("connected", 0L, "silent", 0L));
    links
        .values()
        .forEach(
            link -> states.merge(link.view().connected() ? "connected" : "silent", 1L, Long::sum));
    return states;
  }

  @Override
  public void close() {
    links.keySet().forEach(this::detach);
    silence.close();
    channels.close();
  }

  private AgentLink open(UnitKey unit, AgentTarget target, DesiredAgent desired) {
    var around =
        new AgentLink.Surroundings(channels, pushes, silence, clock, timing, () -> tell(unit));
    var link = new AgentLink(unit, target, desired, around);
    link.start();
    return link;
  }

  private void tell(UnitKey unit) {
    for (Consumer<UnitKey> listener : listeners) {
      try {
        listener.accept(unit);
      } catch (RuntimeException e) {
        LOG.warn("a listener failed on a change of agent {}", unit, e);
      }
    }
  }
}
