package io.upm.runtime.api;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** A plugin that is installed. Its name is the plugin's id, so there is one for each id. */
@Group(Names.GROUP)
@Version(Names.PLUGIN_VERSION)
@Singular("plugin")
@Plural("plugins")
@ShortNames("upmplugin")
@AdditionalPrinterColumn(name = "VERSION", jsonPath = ".status.version")
@AdditionalPrinterColumn(name = "WANTED", jsonPath = ".spec.version")
@AdditionalPrinterColumn(name = "READY", jsonPath = ".status.conditions[?(@.type=='Ready')].status")
@AdditionalPrinterColumn(
    name = "REASON",
    jsonPath = ".status.conditions[?(@.type=='Ready')].reason")
@AdditionalPrinterColumn(
    name = "UNITSETS",
    jsonPath = ".status.unitSets",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "AGE",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(name = "SOURCE", jsonPath = ".spec.source", priority = 1)
@AdditionalPrinterColumn(name = "DIGEST", jsonPath = ".status.digest", priority = 1)
@ValidationRule(
    value = "self.metadata.name.matches('^[a-z][a-z0-9-]{0,62}$')",
    message =
        "metadata.name must be the plugin's id: a lower-case letter, then lower-case letters, digits"
            + " and dashes, at most 63 in all")
public final class Plugin extends CustomResource<PluginPackageSpec, PluginPackageStatus> {
  private static final long serialVersionUID = 1L;
}
