package io.upm.runtime.unitset;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.ContainerResizePolicy;
import io.fabric8.kubernetes.api.model.ContainerResizePolicyBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.upm.runtime.api.EmptyDirSpec;
import io.upm.runtime.api.ExtraVolumeSpec;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.PodTemplate;
import io.upm.runtime.api.ResourceSpec;
import io.upm.runtime.api.SecretSpec;
import io.upm.runtime.api.StorageSpec;
import io.upm.runtime.api.UnitSetSpec;
import io.upm.runtime.api.UpdateStrategySpec;
import io.upm.runtime.kube.Canonical;
import io.upm.runtime.unit.VolumeNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The Pod template of a set's unit: what a user would write by hand. Pure. */
final class Templates {
  private Templates() {}

  static PodTemplate template(SetPlan plan, String unit) {
    SortedMap<String, String> annotations = annotations(plan);
    return new PodTemplate(
        annotations.isEmpty() ? null : new PodTemplate.TemplateMetadata(Map.of(), annotations),
        new PodSpecBuilder()
            .withHostname(unit)
            .withSubdomain(Names.headlessService(plan.name()))
            .withAffinity(Placement.affinity(plan, unit))
            .withTopologySpreadConstraints(Placement.spread(plan))
            .withPriorityClassName(priority(plan.spec()))
            .withImagePullSecrets(pullSecrets(plan.spec()))
            .withContainers(container(plan))
            .withVolumes(volumes(plan, unit))
            .build());
  }

  /** What replaces a Pod that would else be the same. */
  private static SortedMap<String, String> annotations(SetPlan plan) {
    var annotations = new TreeMap<String, String>();
    String restart = plan.restart();
    if (restart != null) {
      annotations.put(Names.ANNOTATION_RESTART, restart);
    }
    if (UpdateStrategySpec.orDefault(plan.spec().updateStrategy()).restartsForParameters()) {
      annotations.put(Names.ANNOTATION_PARAMETERS, Canonical.hash(ParameterRestart.record(plan)));
    }
    return annotations;
  }

  private static Container container(SetPlan plan) {
    return new ContainerBuilder()
        .withName(plan.spec().type())
        .withImage(plan.image())
        .withImagePullPolicy("IfNotPresent")
        .withEnv(plan.spec().env())
        .withPorts(ports(plan))
        .withResources(resources(plan.spec().resources()))
        .withResizePolicy(resizing(plan.spec()))
        .withVolumeMounts(mounts(plan))
        .build();
  }

  private static List<ContainerPort> ports(SetPlan plan) {
    return plan.ports().stream()
        .map(port ->
            new ContainerPortBuilder()
                .withName(port.name())
                .withContainerPort(port.number())
                .withProtocol("TCP")
                .build())
        .toList();
  }

  private static @Nullable ResourceRequirements resources(@Nullable ResourceSpec resources) {
    return resources == null
        ? null
        : new ResourceRequirementsBuilder()
            .withLimits(resources.limits())
            .withRequests(resources.requests())
            .build();
  }

  private static List<ContainerResizePolicy> resizing(UnitSetSpec spec) {
    return spec.resizePolicy().stream()
        .filter(policy -> policy.resourceName() != null && policy.restartPolicy() != null)
        .map(policy ->
            new ContainerResizePolicyBuilder()
                .withResourceName(policy.resourceName().text())
                .withRestartPolicy(policy.restartPolicy().text())
                .build())
        .toList();
  }

  private static @Nullable String priority(UnitSetSpec spec) {
    String name = spec.priorityClassName();
    return name == null || name.isEmpty() ? null : name;
  }

  private static List<LocalObjectReference> pullSecrets(UnitSetSpec spec) {
    return spec.imagePullSecrets().stream()
        .map(secret -> new LocalObjectReference(secret.name()))
        .toList();
  }

  private static List<VolumeMount> mounts(SetPlan plan) {
    var mounts = new ArrayList<VolumeMount>();
    var spec = plan.spec();
    for (StorageSpec storage : spec.storages()) {
      mounts.add(mount(storage.name(), storage.mountPath(), false));
    }
    for (EmptyDirSpec directory : spec.emptyDir()) {
      mounts.add(mount(directory.name(), directory.mountPath(), false));
    }
    SecretSpec secret = spec.secret();
    if (secret != null) {
      mounts.add(mount(VolumeNames.SECRET, secret.mountPath(), true));
      if (secret.cipher() != null) {
        mounts.add(mount(VolumeNames.CIPHER, VolumeNames.CIPHER_PATH, true));
      }
    }
    if (spec.certificateSecret() != null || spec.certificateProfile() != null) {
      mounts.add(mount(VolumeNames.CERTIFICATE, VolumeNames.CERTIFICATE_PATH, true));
    }
    for (ExtraVolumeSpec extra : spec.extraVolume()) {
      mounts.add(mount(extra.volume().getName(), extra.volumeMountPath(), false));
    }
    return mounts;
  }

  private static VolumeMount mount(String name, String path, boolean readOnly) {
    return new VolumeMountBuilder()
        .withName(name)
        .withMountPath(path)
        .withReadOnly(readOnly ? true : null)
        .build();
  }

  private static List<Volume> volumes(SetPlan plan, String unit) {
    var volumes = new ArrayList<Volume>();
    var spec = plan.spec();
    for (StorageSpec storage : spec.storages()) {
      volumes.add(
          new VolumeBuilder()
              .withName(storage.name())
              .withNewPersistentVolumeClaim()
              .withClaimName(Names.claim(unit, storage.name()))
              .endPersistentVolumeClaim()
              .build());
    }
    for (EmptyDirSpec directory : spec.emptyDir()) {
      volumes.add(
          new VolumeBuilder()
              .withName(directory.name())
              .withNewEmptyDir()
              .withSizeLimit(directory.size() == null ? null : new Quantity(directory.size()))
              .endEmptyDir()
              .build());
    }
    volumes.addAll(secrets(plan, unit));
    spec.extraVolume().forEach(extra -> volumes.add(extra.volume()));
    return volumes;
  }

  private static List<Volume> secrets(SetPlan plan, String unit) {
    var volumes = new ArrayList<Volume>();
    SecretSpec secret = plan.spec().secret();
    if (secret != null) {
      volumes.add(
          new VolumeBuilder()
              .withName(VolumeNames.SECRET)
              .withNewSecret()
              .withSecretName(secret.name())
              .endSecret()
              .build());
      if (secret.cipher() != null) {
        volumes.add(
            new VolumeBuilder()
                .withName(VolumeNames.CIPHER)
                .withNewSecret()
                .withSecretName(secret.cipher().name())
                .addNewItem()
                .withKey(secret.cipher().key())
                .withPath("key")
                .endItem()
                .endSecret()
                .build());
      }
    }
    String certificate =
        plan.spec().certificateSecret() == null
            ? plan.certificateSecret(unit)
            : plan.spec().certificateSecret().name();
    if (certificate != null) {
      volumes.add(
          new VolumeBuilder()
              .withName(VolumeNames.CERTIFICATE)
              .withNewSecret()
              .withSecretName(certificate)
              .endSecret()
              .build());
    }
    return volumes;
  }
}
