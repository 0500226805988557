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

/** Backups that are made again and again, and removed when there are enough later ones. */
@Group(Names.GROUP)
@Version(Names.BACKUP_VERSION)
@Kind("BackupSchedule")
@Singular("backupschedule")
@Plural("backupschedules")
@ShortNames("bus")
@AdditionalPrinterColumn(name = "SCHEDULE", jsonPath = ".spec.schedule")
@AdditionalPrinterColumn(name = "TIMEZONE", jsonPath = ".spec.timeZone")
@AdditionalPrinterColumn(
    name = "SUSPEND",
    jsonPath = ".spec.suspend",
    type = AdditionalPrinterColumn.Type.BOOLEAN)
@AdditionalPrinterColumn(
    name = "LAST",
    jsonPath = ".status.lastScheduleTime",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "SUCCESS",
    jsonPath = ".status.lastSuccessfulTime",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(name = "NEXT", jsonPath = ".status.nextScheduleTime")
@AdditionalPrinterColumn(
    name = "AGE",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@ValidationRule(
    value = "size(self.metadata.name) <= 50",
    message =
        "metadata.name must not be longer than 50 characters: names of at most 63 characters are"
            + " made from it")
public final class BackupSchedule extends CustomResource<BackupScheduleSpec, BackupScheduleStatus>
    implements Namespaced {
  private static final long serialVersionUID = 1L;

  /** Said here, as the library would look for a way to make one, at each object that is read. */
  @Override
  protected @Nullable BackupScheduleSpec initSpec() {
    return null;
  }

  @Override
  protected @Nullable BackupScheduleStatus initStatus() {
    return null;
  }
}
