package io.upm.testkit.paper;

import io.upm.spi.PluginException;
import io.upm.spi.Problem;
import io.upm.spi.topology.CredentialRef;
import io.upm.spi.topology.Decision;
import io.upm.spi.topology.Endpoint;
import io.upm.spi.topology.Memory;
import io.upm.spi.topology.NodeReport;
import io.upm.spi.topology.Nodes;
import io.upm.spi.topology.Reading;
import io.upm.spi.topology.SetView;
import io.upm.spi.topology.Step;
import io.upm.spi.topology.TopologyDescriptor;
import io.upm.spi.topology.TopologyManager;
import io.upm.spi.topology.TopologyReport;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** Keeps copies as the original is. */
public class PaperPair implements TopologyManager<PairSpec, PaperPair.Pages> {
  private static final Duration LIMIT = Duration.ofSeconds(1);

  /** Pages of each sheet. */
  public record Pages(Map<String, Reading<Integer>> counts, Instant at) {}

  @Override
  public TopologyDescriptor<PairSpec> descriptor() {
    return new TopologyDescriptor<>(
        "PaperPair",
        "paperpairs",
        "pp",
        PairSpec.class,
        "paper.example/pair",
        List.of("Original", "Copy"),
        List.of(new TopologyDescriptor.Column("ORIGINAL", ".status.source")));
  }

  @Override
  public List<Problem> validate(PairSpec spec) {
    var problems = new ArrayList<Problem>();
    Set<String> names = new HashSet<>();
    for (Endpoint endpoint : endpoints(spec)) {
      if (!names.add(endpoint.name())) {
        problems.add(new Problem("spec.copies", endpoint.name(), "each sheet once"));
      }
    }
    return problems;
  }

  @Override
  public List<Endpoint> endpoints(PairSpec spec) {
    return Stream.concat(
            Stream.of(spec.original()), spec.copies().stream().map(PairSpec.Copy::sheet))
        .map(sheet -> new Endpoint(sheet.name(), sheet.host(), sheet.port()))
        .toList();
  }

  @Override
  public List<CredentialRef> credentials(PairSpec spec) {
    return List.of(
        new CredentialRef("writer", spec.secret().name(), spec.secret().key(), Optional.empty()));
  }

  @Override
  public String serviceType(PairSpec spec) {
    return spec.service().type().name();
  }

  @Override
  public Pages observe(PairSpec spec, Nodes nodes) {
    return new Pages(
        nodes.readAll(
            LIMIT,
            node -> {
              try (var socket = new Socket()) {
                socket.connect(
                    new InetSocketAddress(node.endpoint().host(), node.endpoint().port()),
                    (int) LIMIT.toMillis());
                return socket.getInputStream().read();
              }
            }),
        nodes.now());
  }

  @Override
  public Decision decide(PairSpec spec, Pages observed, Memory memory) {
    Optional<Integer> wanted = pages(observed, spec.original().name());
    if (wanted.isEmpty()) {
      return new Decision.WaitFor(
          "the original can be read", observed.at().plus(LIMIT), "bring it back");
    }
    return spec.copies().stream()
        .filter(copy -> !pages(observed, copy.name()).equals(wanted))
        .findFirst()
        .<Decision>map(copy ->
            new Decision.Perform(
                new Step(
                    "copy", copy.name(), Map.of("pages", "" + wanted.get()), "it lacks pages")))
        .orElseGet(Decision.Nothing::new);
  }

  @Override
  public void act(Step step, PairSpec spec, Nodes nodes) {
    throw PluginException.user("paper is patient");
  }

  @Override
  public TopologyReport report(PairSpec spec, Pages observed, Memory memory) {
    List<NodeReport> nodes =
        endpoints(spec).stream().map(endpoint -> report(spec, observed, endpoint.name())).toList();
    boolean ready = nodes.stream().allMatch(NodeReport::ready);
    return new TopologyReport(nodes, ready, ready ? "all is well" : "some sheet lacks pages");
  }

  private static NodeReport report(PairSpec spec, Pages observed, String name) {
    boolean known = pages(observed, name).isPresent();
    boolean original = name.equals(spec.original().name());
    return new NodeReport(
        name,
        !known ? "None" : original ? "Original" : "Copy",
        known,
        known ? "" : "can't be read",
        OptionalLong.empty(),
        "",
        known
            ? Optional.of(original ? NodeReport.Route.READWRITE : NodeReport.Route.READONLY)
            : Optional.empty(),
        Map.of());
  }

  @Override
  public Optional<PairSpec> specFor(SetView set, Optional<PairSpec> current) {
    if (!set.mode().equals("pair")) {
      return Optional.empty();
    }
    Endpoint first = set.units().getFirst();
    return Optional.of(
        new PairSpec(
            PairSpec.Method.BY_HAND,
            new PairSpec.Sheet(first.name(), first.host(), first.port()),
            set.units().stream()
                .skip(1)
                .map(one -> new PairSpec.Copy(one.name(), one.host(), one.port(), false))
                .toList(),
            new PairSpec.Secret(set.secret(), set.users().getOrDefault("writer", "writer")),
            new PairSpec.Service(PairSpec.Service.Type.valueOf(set.serviceType())),
            Map.of(),
            Optional.empty(),
            null));
  }

  private static Optional<Integer> pages(Pages observed, String name) {
    Reading<Integer> reading = observed.counts().get(name);
    return reading == null ? Optional.empty() : reading.value();
  }
}
