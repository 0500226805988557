package io.upm.runtime.cli;

import io.fabric8.kubernetes.client.CustomResource;
import io.upm.runtime.api.ProvisionSpec;
import io.upm.runtime.api.ProvisionStatus;
import io.upm.runtime.cli.StatusView.Concern;
import io.upm.runtime.cli.StatusView.DeclaredRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Databases and users that are declared for a UnitSet. Pure. */
final class DeclaredRows {
  private DeclaredRows() {}

  static List<DeclaredRow> of(Attached attached) {
    return all(attached)
        .map(object -> {
          String inEngine = object.getSpec().name();
          String name = object.getMetadata().getName();
          return new DeclaredRow(
              object.getKind(),
              name,
              inEngine == null ? name : inEngine,
              concernsOf(object).isEmpty());
        })
        .toList();
  }

  static List<Concern> concerns(Attached attached) {
    return all(attached).flatMap(object -> concernsOf(object).stream()).toList();
  }

  private static Stream<CustomResource<? extends ProvisionSpec, ProvisionStatus>> all(
      Attached attached) {
    return Stream.<CustomResource<? extends ProvisionSpec, ProvisionStatus>>concat(
            attached.databases().stream(), attached.users().stream())
        .sorted(
            Comparator.comparing(
                    (CustomResource<? extends ProvisionSpec, ProvisionStatus> object) ->
                        object.getKind())
                .thenComparing(object -> object.getMetadata().getName()));
  }

  private static List<Concern> concernsOf(
      CustomResource<? extends ProvisionSpec, ProvisionStatus> object) {
    ProvisionStatus status = object.getStatus();
    var concerns =
        new ArrayList<>(
            Trouble.unseen(object, status == null ? null : status.observedGeneration()));
    if (status != null) {
      concerns.addAll(
          Trouble.in(Trouble.Subject.of(object), status.conditions(), !concerns.isEmpty()));
    }
    return concerns;
  }
}
