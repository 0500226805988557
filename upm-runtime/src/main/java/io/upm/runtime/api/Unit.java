package io.upm.runtime.api;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

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
@AdditionalPrinterColumn(name = "HOST IP", jsonPath = ".status.hostIP", priority = 1)
@AdditionalPrinterColumn(
    name = "AGE",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public final class Unit extends CustomResource<UnitSpec, UnitStatus> implements Namespaced {
  private static final long serialVersionUID = 1L;
}
