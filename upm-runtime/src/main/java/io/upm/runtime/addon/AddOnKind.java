package io.upm.runtime.addon;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/** A resource kind of another product. */
public enum AddOnKind {
  ISSUER("cert-manager.io", "v1", "Issuer", "issuers"),
  CERTIFICATE("cert-manager.io", "v1", "Certificate", "certificates"),
  POD_MONITOR("monitoring.coreos.com", "v1", "PodMonitor", "podmonitors");

  private final String group;
  private final String version;
  private final String kind;
  private final String plural;

  AddOnKind(String group, String version, String kind, String plural) {
    this.group = group;
    this.version = version;
    this.kind = kind;
    this.plural = plural;
  }

  public String apiVersion() {
    return group + "/" + version;
  }

  public String kind() {
    return kind;
  }

  String plural() {
    return plural;
  }

  /** Name of its CustomResourceDefinition. */
  String definition() {
    return plural + "." + group;
  }

  ResourceDefinitionContext context() {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group)
        .withVersion(version)
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(true)
        .build();
  }
}
