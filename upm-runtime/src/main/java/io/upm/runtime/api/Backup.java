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

/** One backup of a database: it is made once, and this object outlives what it was made of. */
@Group(Names.GROUP)
@Version(Names.BACKUP_VERSION)
@Kind("Backup")
@Singular("backup")
@Plural("backups")
@ShortNames("bu")
@AdditionalPrinterColumn(name = "UNITSET", jsonPath = ".spec.unitSet")
@AdditionalPrinterColumn(name = "UNIT", jsonPath = ".status.unit")
@AdditionalPrinterColumn(name = "PHASE", jsonPath = ".status.phase")
@AdditionalPrinterColumn(
    name = "BYTES",
    jsonPath = ".status.storedBytes",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "COMPLETED",
    jsonPath = ".status.completionTime",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "VERIFIED",
    jsonPath = ".status.conditions[?(@.type==\"Verified\")].status")
@AdditionalPrinterColumn(
    name = "AGE",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(name = "LOCATION", jsonPath = ".status.location", priority = 1)
@AdditionalPrinterColumn(name = "MESSAGE", jsonPath = ".status.message", priority = 1)
@ValidationRule(
    value = "size(self.metadata.name) <= 63",
    message = "metadata.name must not be longer than 63 characters: it is the value of a label")
@ValidationRule(
    value =
        "self.spec.type == oldSelf.spec.type && self.spec.action == oldSelf.spec.action"
            + " && (has(self.spec.unitSet) ? self.spec.unitSet : '') =="
            + " (has(oldSelf.spec.unitSet) ? oldSelf.spec.unitSet : '')"
            + " && (has(self.spec.unit) ? self.spec.unit : '') =="
            + " (has(oldSelf.spec.unit) ? oldSelf.spec.unit : '')",
    message =
        "spec.unitSet, spec.unit, spec.type and spec.action can't be changed: make another Backup")
@ValidationRule(
    value =
        "!(has(oldSelf.spec.discard) && oldSelf.spec.discard)"
            + " || (has(self.spec.discard) && self.spec.discard)",
    message = "spec.discard can't be taken back: make another Backup")
public final class Backup extends CustomResource<BackupSpec, BackupStatus> implements Namespaced {
  private static final long serialVersionUID = 1L;

  /** Said here, as the library would look for a way to make one, at each object that is read. */
  @Override
  protected @Nullable BackupSpec initSpec() {
    return null;
  }

  @Override
  protected @Nullable BackupStatus initStatus() {
    return null;
  }
}
