package io.upm.runtime.provision;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.upm.runtime.api.Database;
import io.upm.runtime.api.DatabaseSpec;
import io.upm.runtime.api.DatabaseUser;
import io.upm.runtime.api.DatabaseUserSpec;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.GrpcCallStatus;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.ProvisionStatus;
import io.upm.runtime.engine.Provision;
import io.upm.runtime.testing.Manifests;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Declared databases and users for tests. */
final class Declarations {
  static final Instant NOW = Instant.parse("2026-11-22T02:00:00Z");
  static final Provision PROVISION = new Provision("invite", "dismiss");
  static final Writer SOURCE = new Writer(Optional.of("orders-0"), "");

  private Declarations() {}

  static Database database(String more) {
    var database = new Database();
    database.setMetadata(metadata("shelf").build());
    database.setSpec(spec(more, DatabaseSpec.class));
    return database;
  }

  /** A user of UnitSet orders; more of its spec as within the braces of YAML. */
  static DatabaseUser user(String more) {
    var user = new DatabaseUser();
    user.setMetadata(metadata("app").build());
    user.setSpec(
        spec(
            "secretRef: {name: keys, key: app}" + (more.isEmpty() ? "" : ", " + more),
            DatabaseUserSpec.class));
    return user;
  }

  private static <T> T spec(String more, Class<T> type) {
    return Manifests.SERIALIZATION.convertValue(
        Manifests.tree("{unitSet: orders%s}".formatted(more.isEmpty() ? "" : ", " + more)), type);
  }

  private static ObjectMetaBuilder metadata(String name) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace("shop")
        .withUid("0123456789abcdef")
        .withGeneration(1L)
        .withCreationTimestamp(NOW.toString());
  }

  static DatabaseUser with(DatabaseUser user, @Nullable ProvisionStatus status) {
    user.setStatus(status);
    return user;
  }

  /** One that its user has deleted. */
  static DatabaseUser leaving(DatabaseUser user) {
    user.getMetadata().setDeletionTimestamp(NOW.toString());
    user.getMetadata().setFinalizers(List.of(Names.FINALIZER_DROP));
    return user;
  }

  static ProvisionView view(DatabaseUser user, GrpcCall... calls) {
    return view(user, SOURCE, "7", NOW, calls);
  }

  static ProvisionView view(
      DatabaseUser user, Writer writer, String secretVersion, Instant now, GrpcCall... calls) {
    return new ProvisionView(
        Declared.of(user),
        List.of(),
        true,
        Optional.of("acme"),
        Optional.of(PROVISION),
        writer,
        secretVersion.isEmpty() ? Optional.empty() : Optional.of(secretVersion),
        List.of(calls),
        now);
  }

  /** The same, after what is to be made in it was noted, which its user then keeps. */
  static ProvisionView noted(ProvisionView view) {
    DatabaseUser user = (DatabaseUser) view.declared().object();
    user.setStatus(ProvisionReport.status(view, DecideProvision.decide(view)));
    return new ProvisionView(
        Declared.of(user),
        view.problems(),
        view.setThere(),
        view.type(),
        view.provision(),
        view.writer(),
        view.secretVersion(),
        view.calls(),
        view.now());
  }

  /** The call that is made in a view, as its status says it is. */
  static GrpcCall call(
      ProvisionView view, GrpcCallStatus.Phase phase, int attempt, Map<String, String> values) {
    ProvisionOrder order = DecideProvision.decide(view).order().orElseThrow();
    GrpcCall call = order.call(view);
    call.setStatus(
        new GrpcCallStatus(
            1L,
            phase,
            null,
            "it is said",
            view.now().toString(),
            phase.isLast() ? view.now().toString() : null,
            attempt,
            "operation",
            "1.0.0",
            null,
            values,
            List.of(),
            null,
            List.of()));
    return call;
  }

  static GrpcCall done(ProvisionView view) {
    return call(view, GrpcCallStatus.Phase.SUCCEEDED, 1, Map.of("account", "app@%"));
  }

  /** As it is when it was given to the engine. */
  static DatabaseUser given(DatabaseUser user) {
    ProvisionView view = view(user);
    ProvisionView after = view(user, done(view));
    return with(user, ProvisionReport.status(after, DecideProvision.decide(after)));
  }
}
