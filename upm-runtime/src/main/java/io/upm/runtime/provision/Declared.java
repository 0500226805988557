package io.upm.runtime.provision;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.upm.runtime.api.Database;
import io.upm.runtime.api.DatabaseSpec;
import io.upm.runtime.api.DatabaseUser;
import io.upm.runtime.api.DatabaseUserSpec;
import io.upm.runtime.api.DatabaseUserSpec.GrantSpec;
import io.upm.runtime.api.DatabaseUserSpec.PasswordReference;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.ProvisionSpec;
import io.upm.runtime.api.ProvisionStatus;
import io.upm.spi.action.ProvisionDescriptor;
import io.upm.spi.action.ProvisionDescriptor.Subject;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an object declares inside an engine, whichever kind it is.
 *
 * @param identity parameters that name it in the engine
 * @param wish the other parameters of the action that makes it so
 * @param password where its password is; empty for what has none
 */
record Declared(
    HasMetadata object,
    Subject subject,
    ProvisionSpec spec,
    ObjectNode identity,
    ObjectNode wish,
    Optional<PasswordReference> password,
    @Nullable ProvisionStatus status) {

  static Declared of(Database object) {
    DatabaseSpec spec = object.getSpec();
    ObjectNode wish = JsonNodeFactory.instance.objectNode();
    if (!spec.options().isEmpty()) {
      ObjectNode options = wish.putObject(ProvisionDescriptor.OPTIONS);
      spec.options().forEach(options::put);
    }
    return new Declared(
        object,
        Subject.DATABASE,
        spec,
        named(object, spec),
        wish,
        Optional.empty(),
        object.getStatus());
  }

  static Declared of(DatabaseUser object) {
    DatabaseUserSpec spec = object.getSpec();
    ObjectNode identity = named(object, spec);
    if (spec.host() != null) {
      identity.put(ProvisionDescriptor.HOST, spec.host());
    }
    ObjectNode wish = JsonNodeFactory.instance.objectNode();
    wish.put(ProvisionDescriptor.PASSWORD_KEY, spec.secretRef().key());
    var grants = wish.putArray(ProvisionDescriptor.GRANTS);
    for (GrantSpec grant : spec.grants()) {
      ObjectNode one = grants.addObject();
      one.put(ProvisionDescriptor.DATABASE, grant.database());
      var privileges = one.putArray(ProvisionDescriptor.PRIVILEGES);
      grant.privileges().forEach(privileges::add);
    }
    return new Declared(
        object,
        Subject.USER,
        spec,
        identity,
        wish,
        Optional.of(spec.secretRef()),
        object.getStatus());
  }

  private static ObjectNode named(HasMetadata object, ProvisionSpec spec) {
    return JsonNodeFactory.instance
        .objectNode()
        .put(
            ProvisionDescriptor.NAME,
            Objects.requireNonNullElse(spec.name(), object.getMetadata().getName()));
  }

  /** Its name in the engine. */
  String name() {
    return identity.path(ProvisionDescriptor.NAME).asText();
  }

  /** Parameters of the action that makes it so. */
  ObjectNode parameters() {
    ObjectNode all = identity.deepCopy();
    all.setAll(wish);
    return all;
  }

  /** Label of its calls, whose value is the object's name. */
  String label() {
    return subject == Subject.DATABASE ? Names.LABEL_DATABASE : Names.LABEL_DATABASE_USER;
  }

  /** What its user wants it to be applied again for; empty for nothing. */
  String applyAt() {
    Map<String, String> annotations = meta().getAnnotations();
    return annotations == null ? "" : annotations.getOrDefault(Names.ANNOTATION_APPLY, "");
  }

  /** Whether the object waits for us before it goes. */
  boolean held() {
    return object.hasFinalizer(Names.FINALIZER_DROP);
  }

  /** Whether the object is to go. */
  boolean leaving() {
    return meta().getDeletionTimestamp() != null;
  }

  ObjectMeta meta() {
    return object.getMetadata();
  }
}
