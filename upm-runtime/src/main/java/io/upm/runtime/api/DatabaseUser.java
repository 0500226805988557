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

/** A user inside an engine, with their password and what they may do, as it is to be. */
@Group(Names.GROUP)
@Version(Names.PROVISION_VERSION)
@Kind("DatabaseUser")
@Singular("databaseuser")
@Plural("databaseusers")
@ShortNames("dbu")
@AdditionalPrinterColumn(name = "UNITSET", jsonPath = ".spec.unitSet")
@AdditionalPrinterColumn(name = "USER", jsonPath = ".status.name")
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
            + " (has(oldSelf.spec.name) ? oldSelf.spec.name : self.metadata.name)"
            + " && (has(self.spec.host) ? self.spec.host : '') =="
            + " (has(oldSelf.spec.host) ? oldSelf.spec.host : '')",
    message = "spec.unitSet, spec.name and spec.host can't be changed: make another DatabaseUser")
public final class DatabaseUser extends CustomResource<DatabaseUserSpec, ProvisionStatus>
    implements Namespaced {
  private static final long serialVersionUID = 1L;

  /** Said here, as the library would look for a way to make one, at each object that is read. */
  @Override
  protected @Nullable DatabaseUserSpec initSpec() {
    return null;
  }

  @Override
  protected @Nullable ProvisionStatus initStatus() {
    return null;
  }
}
