package io.upm.runtime.unit;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Quantity;
import io.upm.host.document.InstanceDocument;
import io.upm.host.document.InstanceDocuments;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.ResourceSpec;
import io.upm.runtime.api.Unit;
import io.upm.runtime.validation.ParameterValues;
import io.upm.runtime.validation.ResourceRules;
import io.upm.spi.engine.Limits;
import io.upm.spi.engine.Port;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Instance documents of Units. Pure. */
public final class Documents {
  private static final String MODE_VARIABLE = "ARCH_MODE";

  private Documents() {}

  /** What the agent of a Unit is told, with revision 0. */
  public static InstanceDocument of(UnitSubject subject) {
    Unit unit = subject.unit();
    EngineContainer container = subject.container();
    Limits limits = limits(container.container());
    SortedMap<String, String> settings = container.settings();
    String mode = unit.getSpec().mode();
    return new InstanceDocument(
        0,
        container.type(),
        subject.version().toString(),
        mode == null || mode.isEmpty() ? settings.getOrDefault(MODE_VARIABLE, "") : mode,
        unit.getSpec().running(),
        unit.getSpec().restoreFrom() != null,
        identity(unit),
        bounds(limits),
        container.mounts(),
        settings,
        ports(subject),
        peers(unit),
        ParameterValues.text(subject.parameters(), subject.engine().parameters(subject.version())),
        container
            .mount(VolumeNames.SECRET)
            .or(() -> container.mount(VolumeNames.FORMER_SECRET))
            .orElse(""),
        cipherPath(unit, container),
        subject.engine().plugin());
  }

  /**
   * The document for a Pod that was made from an older template: what belongs to the Pod stays,
   * what can change beside it is fresh.
   */
  static InstanceDocument forOlderPod(InstanceDocument held, InstanceDocument fresh) {
    boolean sameVersion = held.version().equals(fresh.version());
    return new InstanceDocument(
        held.revision(),
        held.engine(),
        held.version(),
        sameVersion ? fresh.mode() : held.mode(),
        fresh.running(),
        fresh.awaitsRestore(),
        held.identity(),
        held.limits(),
        held.mounts(),
        held.settings(),
        held.ports(),
        fresh.peers(),
        sameVersion ? fresh.parameters() : held.parameters(),
        held.secretPath(),
        held.cipherPath(),
        fresh.plugin());
  }

  /** What a Unit's agent was told last. */
  static Optional<InstanceDocument> held(UnitView view) {
    return view.children().configMap().flatMap(map -> read(map.getData()));
  }

  /**
   * The document with its revision: a new one when it says something new, or when the agent holds a
   * later one from a former life of its data volume.
   *
   * @param held what the ConfigMap holds now
   * @param atAgent revision that the agent reported; 0 when it didn't
   * @param first revision for a Unit without a ConfigMap: later than any that a former Unit of this
   *     name had
   */
  static InstanceDocument revised(
      InstanceDocument document, Optional<InstanceDocument> held, long atAgent, long first) {
    if (held.isEmpty()) {
      return document.withRevision(Math.max(first, atAgent + 1));
    }
    long revision = held.get().revision();
    boolean same = document.withRevision(0).equals(held.get().withRevision(0));
    return document.withRevision(
        same && atAgent <= revision ? revision : Math.max(revision, atAgent) + 1);
  }

  /** The document in a ConfigMap; empty when there is none that can be read. */
  static Optional<InstanceDocument> read(Map<String, String> data) {
    String text = data == null ? null : data.get(Names.KEY_INSTANCE);
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(InstanceDocuments.read(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static InstanceDocument.Identity identity(Unit unit) {
    String name = unit.getMetadata().getName();
    return new InstanceDocument.Identity(
        unit.getMetadata().getNamespace(),
        UnitLabels.set(unit).orElse(name),
        name,
        UnitLabels.ordinal(unit),
        host(unit, name));
  }

  private static String host(Unit unit, String name) {
    String subdomain = unit.getSpec().template().spec().getSubdomain();
    return subdomain == null || subdomain.isEmpty()
        ? name
        : Names.host(name, subdomain, unit.getMetadata().getNamespace());
  }

  private static List<InstanceDocument.Peer> peers(Unit unit) {
    Optional<String> set = UnitLabels.set(unit);
    if (set.isEmpty()) {
      String name = unit.getMetadata().getName();
      return List.of(new InstanceDocument.Peer(name, UnitLabels.ordinal(unit), host(unit, name)));
    }
    var peers = new ArrayList<InstanceDocument.Peer>();
    for (int ordinal = 0; ordinal < UnitLabels.count(unit); ordinal++) {
      String name = Names.unit(set.get(), ordinal);
      peers.add(new InstanceDocument.Peer(name, ordinal, host(unit, name)));
    }
    return peers;
  }

  private static SortedMap<String, Integer> ports(UnitSubject subject) {
    var ports = new TreeMap<String, Integer>();
    for (Port port : subject.engine().descriptor().ports()) {
      ports.put(port.name(), port.number());
    }
    for (ContainerPort port : subject.container().container().getPorts()) {
      if (port.getName() != null && port.getContainerPort() != null) {
        ports.computeIfPresent(port.getName(), (name, number) -> port.getContainerPort());
      }
    }
    subject.ports().forEach((name, number) -> ports.computeIfPresent(name, (key, old) -> number));
    return ports;
  }

  private static String cipherPath(Unit unit, EngineContainer container) {
    Optional<String> directory = container.mount(VolumeNames.CIPHER);
    if (directory.isEmpty()) {
      return "";
    }
    return unit.getSpec().template().spec().getVolumes().stream()
        .filter(volume -> VolumeNames.CIPHER.equals(volume.getName()))
        .filter(volume -> volume.getSecret() != null)
        .flatMap(volume -> volume.getSecret().getItems().stream())
        .map(KeyToPath::getPath)
        .findFirst()
        .map(path -> directory.get() + "/" + path)
        .orElse("");
  }

  static InstanceDocument.Limits bounds(Limits limits) {
    return new InstanceDocument.Limits(limits.memoryBytes(), limits.cpuMillis());
  }

  static Limits limits(Container container) {
    if (container.getResources() == null || container.getResources().getLimits() == null) {
      return Limits.NONE;
    }
    Map<String, Quantity> limits = container.getResources().getLimits();
    return ResourceRules.limits(new ResourceSpec(limits, Map.of()));
  }
}
