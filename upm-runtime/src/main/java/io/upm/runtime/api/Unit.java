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

/** One database instance: a Pod of the same name with its volumes. */
@Group(Names.GROUP)
@Version(Names.VERSION)
@Singular("unit")
@Plural("units")
@ShortNames("un")
@AdditionalPrinterColumn(name = "PHASE", jsonPath = ".status.phase")
@AdditionalPrinterColumn(name = "PROCESS STATE", jsonPath = ".status.processState")
@AdditionalPrinterColumn(name = "ROLE", jsonPath = ".status.role")
@AdditionalPrinterColumn(name = "NODE NAME", jsonPath = ".status.nodeName")
@AdditionalPrinterColumn(name = "NODE READY", jsonPath = ".status.nodeReady")
@AdditionalPrinterColumn(name = "HOST IP", jsonPath = ".status.hostIP", priority = 1)
@AdditionalPrinterColumn(
    name = "AGE",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@ValidationRule(
    value = "self.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
    message =
        "metadata.name must hold lower-case letters, digits and dashes only: it is a host name")
@ValidationRule(
    value = "size(self.metadata.name) <= 63",
    message = "metadata.name must not be longer than 63 characters: it is a host name")
public final class Unit extends CustomResource<UnitSpec, UnitStatus> implements Namespaced {
  private static final long serialVersionUID = 1L;

  /** Said here, as the library would look for a way to make one, at each object that is read. */
  @Override
  protected @Nullable UnitSpec initSpec() {
    return null;
  }

  @Override
  protected @Nullable UnitStatus initStatus() {
    return null;
  }
}
