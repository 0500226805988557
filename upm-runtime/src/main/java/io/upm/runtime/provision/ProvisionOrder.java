package io.upm.runtime.provision;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.upm.runtime.api.GrpcCall;
import io.upm.runtime.api.GrpcCallSpec;
import io.upm.runtime.api.GrpcCallSpec.SecretReference;
import io.upm.runtime.kube.Canonical;
import io.upm.runtime.kube.Owners;
import io.upm.spi.action.ProvisionDescriptor;
import java.util.List;
import java.util.Map;

/**
 * A call to be made. Pure.
 *
 * @param name name of the GrpcCall: the same for the same work, however often a runtime crashes in
 *     between, and another one for work that comes after it
 * @param hash hash of what is declared
 * @param unit Unit that it is for
 * @param action action of its engine
 */
record ProvisionOrder(
    String name, String hash, String unit, String action, ObjectNode parameters, boolean drops) {
  static final int RETRIES = 3;

  private static final int DIGITS = 10;
  private static final String SETTLE = "-settle";

  /** A removal's object waits for it, and nobody is left to delete it afterwards. */
  private static final int DROP_LIFE = 600;

  /** Makes it as it is declared. */
  static ProvisionOrder apply(ProvisionView view, String hash, String unit) {
    return new ProvisionOrder(
        nameOf(view, "", hash, unit),
        hash,
        unit,
        view.provision().orElseThrow().apply(),
        view.declared().parameters(),
        false);
  }

  /** The same, when the password before the present one is to be taken no longer. */
  static ProvisionOrder settle(ProvisionView view, String hash, String unit) {
    return new ProvisionOrder(
        nameOf(view, SETTLE, hash, unit),
        hash,
        unit,
        view.provision().orElseThrow().apply(),
        view.declared().parameters().put(ProvisionDescriptor.DISCARD_FORMER, true),
        false);
  }

  /** Removes it. */
  static ProvisionOrder drop(ProvisionView view, String unit) {
    return new ProvisionOrder(
        nameOf(view, "-drop", "", unit),
        "",
        unit,
        view.provision().orElseThrow().drop(),
        view.declared().identity().deepCopy(),
        true);
  }

  /** Whether a call of this name gives the engine nothing but what it has. */
  static boolean settles(String name) {
    return name.endsWith(SETTLE);
  }

  /** Hash of what is declared, the version of its Secret included. */
  static String hash(Declared declared, String secretVersion) {
    return Canonical.hash(
        List.of(declared.parameters().toString(), secretVersion, declared.applyAt()));
  }

  /** What was given before is part of it, and the spec's turn: going back is work again. */
  private static String nameOf(ProvisionView view, String suffix, String hash, String unit) {
    String before = view.applied().map(one -> one.time() + one.hash()).orElse("");
    ObjectMeta meta = view.declared().meta();
    return "%s-%s%s"
        .formatted(
            meta.getName(),
            Canonical.hash(List.of(meta.getUid(), meta.getGeneration(), hash, unit, before))
                .substring(0, DIGITS),
            suffix);
  }

  /** The object to be made. One that makes something goes with what it is made for. */
  GrpcCall call(ProvisionView view) {
    Declared declared = view.declared();
    var metadata =
        new ObjectMetaBuilder()
            .withName(name)
            .withNamespace(declared.meta().getNamespace())
            .withLabels(Map.of(declared.label(), declared.meta().getName()));
    if (!drops) {
      metadata.withOwnerReferences(Owners.controller(declared.object()));
    }
    var call = new GrpcCall();
    call.setMetadata(metadata.build());
    call.setSpec(
        new GrpcCallSpec(
            unit,
            view.type().orElseThrow(),
            action,
            parameters,
            drops
                ? null
                : declared.password().map(one -> new SecretReference(one.name())).orElse(null),
            drops ? DROP_LIFE : null,
            null,
            RETRIES,
            null));
    return call;
  }
}
