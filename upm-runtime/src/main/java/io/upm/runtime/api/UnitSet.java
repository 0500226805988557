package io.upm.runtime.api;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** A set of database instances that are configured alike and, if wanted, replicate. */
@Group(Names.GROUP)
@Version(Names.VERSION)
@Singular("unitset")
@Plural("unitsets")
@ShortNames("us")
@AdditionalPrinterColumn(name = "TYPE", jsonPath = ".spec.type", priority = 1)
@AdditionalPrinterColumn(name = "VERSION", jsonPath = ".spec.version", priority = 1)
@AdditionalPrinterColumn(
    name = "EXPECTED",
    jsonPath = ".spec.units",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "CURRENT",
    jsonPath = ".status.units",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "READY",
    jsonPath = ".status.readyUnits",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "AGE",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@ValidationRule(
    value = "self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
    message =
        "metadata.name must start with a letter and hold lower-case letters, digits and dashes:"
            + " names of Services are made from it")
@ValidationRule(
    value = "size(self.metadata.name) <= 50",
    message =
        "metadata.name must not be longer than 50 characters: names of at most 63 characters are"
            + " made from it")
public final class UnitSet extends CustomResource<UnitSetSpec, UnitSetStatus>
    implements Namespaced {
  private static final long serialVersionUID = 1L;

  /** Said here, as the library would look for a way to make one, at each object that is read. */
  @Override
  protected @Nullable UnitSetSpec initSpec() {
    return null;
  }

  @Override
  protected @Nullable UnitSetStatus initStatus() {
    return null;
  }
}
