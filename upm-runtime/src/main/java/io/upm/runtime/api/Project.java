package io.upm.runtime.api;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** A namespace with what databases of one team share. No UnitSet needs one. */
@Group(Names.GROUP)
@Version(Names.VERSION)
@Singular("project")
@Plural("projects")
@ShortNames("pj")
@AdditionalPrinterColumn(name = "READY", jsonPath = ".status.conditions[?(@.type=='Ready')].status")
@AdditionalPrinterColumn(name = "CA", jsonPath = ".spec.ca.enabled", priority = 1)
@AdditionalPrinterColumn(
    name = "AGE",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@ValidationRule(
    value = "self.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
    message =
        "metadata.name must hold lower-case letters, digits and dashes only: it is the name of a"
            + " namespace")
@ValidationRule(
    value = "size(self.metadata.name) <= 63",
    message = "metadata.name must not be longer than 63 characters: it is the name of a namespace")
@ValidationRule(
    value = "!self.metadata.name.startsWith('kube-')",
    message = "metadata.name must not begin with kube-: such namespaces are Kubernetes' own")
public final class Project extends CustomResource<ProjectSpec, ProjectStatus> {
  private static final long serialVersionUID = 1L;

  /** Said here, as the library would look for a way to make one, at each object that is read. */
  @Override
  protected @Nullable ProjectSpec initSpec() {
    return null;
  }

  @Override
  protected @Nullable ProjectStatus initStatus() {
    return null;
  }
}
