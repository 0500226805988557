package io.upm.runtime.cli;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.upm.runtime.api.DatabaseUser;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Snapshots from files. */
final class Snapshots {
  private Snapshots() {}

  static Snapshot healthy() {
    return of("set.yaml", List.of("unit-1.yaml", "unit-0.yaml"), List.of("topology.yaml"));
  }

  static Snapshot crashed() {
    return of(
        "set.yaml",
        List.of("unit-0.yaml", "unit-1-crashed.yaml"),
        List.of("topology-waiting.yaml"));
  }

  /** The healthy one, with a user that waits and calls in all phases. */
  static Snapshot attached() {
    Snapshot healthy = healthy();
    return new Snapshot(
        healthy.set(),
        healthy.units(),
        healthy.pods(),
        healthy.topologies(),
        healthy.services(),
        healthy.slices(),
        new Attached(
            List.of(),
            List.of(),
            List.of(),
            List.of(read("database-user.yaml", DatabaseUser.class)),
            readAll("calls.yaml", GrpcCall.class)));
  }

  static Snapshot external() {
    return new Snapshot(
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(read("external.yaml", GenericKubernetesResource.class)),
        List.of(),
        List.of(),
        Attached.NOTHING);
  }

  static GenericKubernetesResource generic(String file) {
    return read(file, GenericKubernetesResource.class);
  }

  static UnitSet set(String file) {
    return read(file, UnitSet.class);
  }

  static Snapshot of(UnitSet set) {
    return new Snapshot(
        Optional.of(set), List.of(), List.of(), List.of(), List.of(), List.of(), Attached.NOTHING);
  }

  private static Snapshot of(String set, List<String> units, List<String> topologies) {
    return new Snapshot(
        Optional.of(set(set)),
        units.stream().map(file -> read(file, Unit.class)).toList(),
        List.of(read("pod-1.yaml", Pod.class)),
        topologies.stream().map(file -> read(file, GenericKubernetesResource.class)).toList(),
        readAll("services.yaml", Service.class),
        readAll("slices.yaml", EndpointSlice.class),
        Attached.NOTHING);
  }

  private static <T> T read(String file, Class<T> type) {
    return Serialization.unmarshal(text(file), type);
  }

  private static <T> List<T> readAll(String file, Class<T> type) {
    return Stream.of(text(file).split("---\n"))
        .map(document -> Serialization.unmarshal(document, type))
        .toList();
  }

  private static String text(String file) {
    try (var stream = Snapshots.class.getResourceAsStream("/cli/snapshots/" + file)) {
      return new String(
          Objects.requireNonNull(stream, file).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
