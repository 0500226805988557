package io.upm.runtime.unitset;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.upm.runtime.addon.AddOnKind;
import io.upm.runtime.api.CertificateProfileSpec;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.PodMonitorSpec;
import io.upm.runtime.api.PodMonitorSpec.Endpoint;
import io.upm.runtime.api.PodMonitorSpec.Relabeling;
import io.upm.runtime.kube.Owners;
import io.upm.runtime.validation.MonitorRules;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Objects of a set that other products work on: cert-manager, the Prometheus operator. Pure. */
final class AddOnObjects {
  /** Engines read a certificate when they start: it must outlive them. */
  private static final String LIFETIME = "87600h";

  private static final String RENEWED_BEFORE = "2160h";

  private AddOnObjects() {}

  /** Kinds that a set's spec needs. */
  static List<AddOnKind> needed(SetPlan plan) {
    var kinds = new ArrayList<AddOnKind>();
    if (plan.spec().certificateProfile() != null) {
      kinds.addAll(List.of(AddOnKind.ISSUER, AddOnKind.CERTIFICATE));
    }
    if (plan.spec().monitored()) {
      kinds.add(AddOnKind.POD_MONITOR);
    }
    return kinds;
  }

  /**
   * All objects that a set is to have.
   *
   * @param units its units by name
   */
  static List<GenericKubernetesResource> objects(SetPlan plan, List<String> units) {
    var objects = new ArrayList<GenericKubernetesResource>();
    CertificateProfileSpec profile = plan.spec().certificateProfile();
    if (profile != null) {
      objects.add(
          object(
              plan,
              AddOnKind.ISSUER,
              Names.issuer(plan.name()),
              Map.of("ca", Map.of("secretName", profile.rootSecret()))));
      units.forEach(unit ->
          objects.add(
              object(
                  plan,
                  AddOnKind.CERTIFICATE,
                  Names.certificate(unit),
                  certificate(plan, profile, unit))));
    }
    PodMonitorSpec monitor = plan.spec().podMonitor();
    if (monitor != null && monitor.enable()) {
      objects.add(
          object(
              plan,
              AddOnKind.POD_MONITOR,
              Names.podMonitor(plan.name()),
              Map.of(
                  "selector",
                  Map.of("matchLabels", Map.of(Names.LABEL_SET, plan.name())),
                  "podMetricsEndpoints",
                  endpoints(monitor))));
    }
    return objects;
  }

  private static GenericKubernetesResource object(
      SetPlan plan, AddOnKind kind, String name, Map<String, Object> spec) {
    var labels = new TreeMap<String, String>();
    if (plan.set().getMetadata().getLabels() != null) {
      labels.putAll(plan.set().getMetadata().getLabels());
    }
    labels.put(Names.LABEL_SET, plan.name());
    return new GenericKubernetesResourceBuilder()
        .withApiVersion(kind.apiVersion())
        .withKind(kind.kind())
        .withNewMetadata()
        .withName(name)
        .withNamespace(plan.namespace())
        .withLabels(labels)
        .withOwnerReferences(Owners.controller(plan.set()))
        .endMetadata()
        .addToAdditionalProperties("spec", spec)
        .build();
  }

  private static Map<String, Object> certificate(
      SetPlan plan, CertificateProfileSpec profile, String unit) {
    var spec = new TreeMap<String, Object>();
    spec.put("secretName", Names.certificateSecret(unit));
    spec.put("commonName", unit);
    spec.put("dnsNames", List.copyOf(names(plan, unit)));
    if (!profile.organizations().isEmpty()) {
      spec.put("subject", Map.of("organizations", profile.organizations()));
    }
    spec.put("duration", LIFETIME);
    spec.put("renewBefore", RENEWED_BEFORE);
    spec.put("privateKey", Map.of("algorithm", "RSA", "encoding", "PKCS8", "size", 2048));
    spec.put(
        "usages", List.of("digital signature", "key encipherment", "server auth", "client auth"));
    spec.put(
        "issuerRef",
        Map.of("group", "cert-manager.io", "kind", "Issuer", "name", Names.issuer(plan.name())));
    return spec;
  }

  /** Every name that a client may have connected by. */
  private static Collection<String> names(SetPlan plan, String unit) {
    var names = new LinkedHashSet<String>();
    names.add(unit);
    names.add("localhost");
    var hosts = new ArrayList<String>();
    hosts.add(unit + "." + Names.headlessService(plan.name()));
    if (plan.spec().unitService() != null) {
      hosts.add(Names.service(unit));
    }
    if (plan.spec().externalService() != null) {
      hosts.add(Names.service(plan.name()));
    }
    if (plan.spec().topology() != null) {
      hosts.add(plan.name() + "-readwrite");
      hosts.add(plan.name() + "-readonly");
    }
    for (String host : hosts) {
      String qualified = host + "." + plan.namespace();
      names.addAll(List.of(host, qualified, qualified + ".svc", qualified + ".svc.cluster.local"));
    }
    return names;
  }

  private static List<Map<String, Object>> endpoints(PodMonitorSpec monitor) {
    List<Endpoint> endpoints =
        monitor.endpoints().isEmpty()
            ? List.of(new Endpoint(null, null, null, List.of()))
            : monitor.endpoints();
    return endpoints.stream().map(AddOnObjects::endpoint).toList();
  }

  private static Map<String, Object> endpoint(Endpoint endpoint) {
    String port = MonitorRules.port(endpoint);
    var spec = new TreeMap<String, Object>();
    spec.put("port", port.equals(MonitorRules.METRICS) ? Names.PORT_AGENT_HTTP : port);
    spec.put("path", endpoint.path() == null ? "/metrics" : endpoint.path());
    put(spec, "interval", endpoint.interval());
    if (!endpoint.relabelConfigs().isEmpty()) {
      spec.put(
          "relabelings", endpoint.relabelConfigs().stream().map(AddOnObjects::relabeling).toList());
    }
    return spec;
  }

  private static Map<String, Object> relabeling(Relabeling relabeling) {
    var spec = new TreeMap<String, Object>();
    if (!relabeling.sourceLabels().isEmpty()) {
      spec.put("sourceLabels", relabeling.sourceLabels());
    }
    put(spec, "regex", relabeling.regex());
    put(spec, "targetLabel", relabeling.targetLabel());
    put(spec, "replacement", relabeling.replacement());
    put(spec, "action", relabeling.action());
    return spec;
  }

  private static void put(Map<String, Object> spec, String name, @Nullable String value) {
    if (value != null) {
      spec.put(name, value);
    }
  }
}
