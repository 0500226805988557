package io.upm.runtime.api;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** A database inside an engine, as it is to be. */
@Group(Names.GROUP)
@Version(Names.PROVISION_VERSION)
@Kind("Database")
@Singular("database")
@Plural("databases")
@ShortNames("db")
@AdditionalPrinterColumn(name = "UNITSET", jsonPath = ".spec.unitSet")
@AdditionalPrinterColumn(name = "DATABASE", jsonPath = ".status.name")
@AdditionalPrinterColumn(
    name = "READY",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
    name = "REASON",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(
    name = "AGE",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(name = "POLICY", jsonPath = ".spec.deletionPolicy", priority = 1)
@AdditionalPrinterColumn(
    name = "MESSAGE",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
    priority = 1)
@ValidationRule(
    value = "size(self.metadata.name) <= 63",
    message = "metadata.name must not be longer than 63 characters: it is the value of a label")
@ValidationRule(
    value =
        "self.spec.unitSet == oldSelf.spec.unitSet"
            + " && (has(self.spec.name) ? self.spec.name : self.metadata.name) =="
            + " (has(oldSelf.spec.name) ? oldSelf.spec.name : self.metadata.name)",
    message = "spec.unitSet and spec.name can't be changed: make another Database")
public final class Database extends CustomResource<DatabaseSpec, ProvisionStatus>
    implements Namespaced {
  private static final long serialVersionUID = 1L;

  /** Said here, as the library would look for a way to make one, at each object that is read. */
  @Override
  protected @Nullable DatabaseSpec initSpec() {
    return null;
  }

  @Override
  protected @Nullable ProvisionStatus initStatus() {
    return null;
  }
}
