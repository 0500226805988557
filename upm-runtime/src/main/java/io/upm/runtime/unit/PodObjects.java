package io.upm.runtime.unit;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.upm.runtime.api.Names;
import io.upm.runtime.api.PodTemplate;
import io.upm.runtime.api.Unit;
import io.upm.runtime.kube.Canonical;
import io.upm.runtime.kube.Owners;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The Pod of a Unit: its template, with the agent put into the engine's container. Pure. */
public final class PodObjects {
  static final String AGENT_CONTAINER = "upm-agent";
  static final long GRACE_SECONDS = 300;

  /** What is left of the grace period for the agent itself when the engine took its time. */
  private static final long AGENT_RESERVE_SECONDS = 20;

  private static final int GRPC_PORT = 2214;
  private static final int HTTP_PORT = 2215;

  /** Owner and group may read, nobody else. */
  private static final int SECRET_MODE = 0440;

  /** Annotations that say what a Pod was made from. */
  static final List<String> MADE_FROM = List.of(Names.ANNOTATION_BASE, Names.ANNOTATION_RESOURCES);

  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

  private PodObjects() {}

  /** Hash of what a user sees of the Pod; another one means another Pod. */
  public static String templateHash(Unit unit) {
    return Canonical.hash(unit.getSpec().template());
  }

  /** Hash of the same without what can change while the Pod runs. */
  static String baseHash(Unit unit, EngineContainer engine) {
    PodTemplate template = unit.getSpec().template();
    PodSpec spec =
        new PodSpecBuilder(template.spec())
            .editMatchingContainer(container -> engine.type().equals(container.getName()))
            .withResources(null)
            .endContainer()
            .build();
    return Canonical.hash(new PodTemplate(template.metadata(), spec));
  }

  /** Resources as they are kept in an annotation. */
  static ResourceRequirements resources(String annotation) {
    return annotation.isEmpty()
        ? new ResourceRequirements()
        : SERIALIZATION.unmarshal(annotation, ResourceRequirements.class);
  }

  static Pod pod(Unit unit, EngineContainer engine, PodSettings settings) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(unit.getMetadata().getName())
        .withNamespace(unit.getMetadata().getNamespace())
        .withLabels(labels(unit))
        .withAnnotations(annotations(unit, engine, templateHash(unit)))
        .withOwnerReferences(Owners.controller(unit))
        .endMetadata()
        .withSpec(spec(unit, engine, settings))
        .build();
  }

  static SortedMap<String, String> labels(Unit unit) {
    var labels = new TreeMap<String, String>(unit.getSpec().template().labels());
    labels.putAll(UnitLabels.inherited(unit));
    return labels;
  }

  static SortedMap<String, String> annotations(Unit unit, EngineContainer engine, String hash) {
    var annotations = new TreeMap<String, String>(unit.getSpec().template().annotations());
    annotations.putAll(UnitLabels.inheritable(unit.getMetadata().getAnnotations()));
    annotations.put(Names.ANNOTATION_ENGINE, engine.type());
    annotations.put(Names.ANNOTATION_TEMPLATE, hash);
    annotations.put(Names.ANNOTATION_BASE, baseHash(unit, engine));
    annotations.put(
        Names.ANNOTATION_RESOURCES,
        Canonical.tree(PodResources.effective(engine.container().getResources())).toString());
    return annotations;
  }

  private static PodSpec spec(Unit unit, EngineContainer engine, PodSettings settings) {
    PodSpec template = unit.getSpec().template().spec();
    Long grace = template.getTerminationGracePeriodSeconds();
    long graceSeconds = grace == null ? GRACE_SECONDS : grace;
    var spec =
        new PodSpecBuilder(template)
            .withHostname(
                template.getHostname() == null
                    ? unit.getMetadata().getName()
                    : template.getHostname())
            .withRestartPolicy("Always")
            .withTerminationGracePeriodSeconds(graceSeconds)
            .withEnableServiceLinks(
                template.getEnableServiceLinks() != null && template.getEnableServiceLinks())
            .withAutomountServiceAccountToken(
                template.getAutomountServiceAccountToken() != null
                    && template.getAutomountServiceAccountToken())
            .withSecurityContext(PodSecurity.pod(template.getSecurityContext(), settings.userId()))
            .withContainers(containers(template, engine, settings, graceSeconds))
            .withVolumes(volumes(unit, template));
    var initial = new ArrayList<Container>();
    initial.add(agent(engine, settings));
    initial.addAll(template.getInitContainers());
    spec.withInitContainers(initial);
    settings
        .node()
        .ifPresent(node -> spec.withAffinity(NodeBinding.affinity(template.getAffinity(), node)));
    return spec.build();
  }

  private static List<Container> containers(
      PodSpec template, EngineContainer engine, PodSettings settings, long graceSeconds) {
    return template.getContainers().stream()
        .map(container ->
            engine.container().getName().equals(container.getName())
                ? engine(container, settings, graceSeconds)
                : container)
        .toList();
  }

  /** The engine's container runs the launcher, which runs the agent, which runs the engine. */
  private static Container engine(Container template, PodSettings settings, long graceSeconds) {
    return new ContainerBuilder(template)
        .withCommand(VolumeNames.AGENT_PATH + "/bin/launcher")
        .withArgs(List.of())
        .withEnv(environment(template, settings, graceSeconds))
        .withPorts(ports(template))
        .withVolumeMounts(mounts(template))
        .withReadinessProbe(readiness())
        // Nothing is killed for being slow to start or to answer.
        .withLivenessProbe(null)
        .withStartupProbe(null)
        .withSecurityContext(PodSecurity.container(template.getSecurityContext()))
        .build();
  }

  /** Its resources are the engine's, so that it raises neither requests nor the QoS class. */
  private static Container agent(EngineContainer engine, PodSettings settings) {
    return new ContainerBuilder()
        .withName(AGENT_CONTAINER)
        .withImage(settings.agentImage())
        .withImagePullPolicy("IfNotPresent")
        .withCommand("/install", VolumeNames.AGENT_TARGET)
        .withResources(engine.container().getResources())
        .withSecurityContext(PodSecurity.container(null))
        .withVolumeMounts(mount(VolumeNames.AGENT, VolumeNames.AGENT_TARGET, false))
        .build();
  }

  private static List<EnvVar> environment(
      Container template, PodSettings settings, long graceSeconds) {
    var environment = new ArrayList<EnvVar>(template.getEnv());
    long budget = Math.max(5, graceSeconds - AGENT_RESERVE_SECONDS);
    environment.add(variable("UPM_DATA_DIR", settings.dataPath()));
    environment.add(
        variable("UPM_INSTANCE_FILE", VolumeNames.INSTANCE_PATH + "/" + Names.KEY_INSTANCE));
    environment.add(variable("UPM_RUN_DIR", VolumeNames.RUN_PATH));
    environment.add(variable("UPM_STOP_BUDGET_SECONDS", Long.toString(budget)));
    environment.add(variable("UPM_TLS_DIR", VolumeNames.TLS_PATH));
    return environment;
  }

  private static EnvVar variable(String name, String value) {
    return new EnvVarBuilder().withName(name).withValue(value).build();
  }

  private static List<ContainerPort> ports(Container template) {
    var ports = new ArrayList<ContainerPort>(template.getPorts());
    ports.add(port("upm-agent", GRPC_PORT));
    ports.add(port(Names.PORT_AGENT_HTTP, HTTP_PORT));
    return ports;
  }

  private static ContainerPort port(String name, int number) {
    return new ContainerPortBuilder()
        .withName(name)
        .withContainerPort(number)
        .withProtocol("TCP")
        .build();
  }

  /** So that an agent that hangs is noticed within 5 s: a pause and two timeouts. */
  private static Probe readiness() {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath("/readyz")
        .withNewPort(HTTP_PORT)
        .endHttpGet()
        .withPeriodSeconds(1)
        .withTimeoutSeconds(2)
        .withFailureThreshold(2)
        .build();
  }

  private static List<VolumeMount> mounts(Container template) {
    var mounts = new ArrayList<VolumeMount>(template.getVolumeMounts());
    mounts.add(mount(VolumeNames.AGENT, VolumeNames.AGENT_PATH, true));
    mounts.add(mount(VolumeNames.RUN, VolumeNames.RUN_PATH, false));
    mounts.add(mount(VolumeNames.TEMPORARY, VolumeNames.TEMPORARY_PATH, false));
    mounts.add(mount(VolumeNames.TLS, VolumeNames.TLS_PATH, true));
    mounts.add(mount(VolumeNames.INSTANCE, VolumeNames.INSTANCE_PATH, true));
    return mounts;
  }

  private static VolumeMount mount(String name, String path, boolean readOnly) {
    return new VolumeMountBuilder()
        .withName(name)
        .withMountPath(path)
        .withReadOnly(readOnly ? true : null)
        .build();
  }

  private static List<Volume> volumes(Unit unit, PodSpec template) {
    String name = unit.getMetadata().getName();
    var volumes = new ArrayList<Volume>();
    template.getVolumes().forEach(volume -> volumes.add(closed(volume)));
    for (String empty : List.of(VolumeNames.AGENT, VolumeNames.RUN, VolumeNames.TEMPORARY)) {
      volumes.add(new VolumeBuilder().withName(empty).withNewEmptyDir().endEmptyDir().build());
    }
    volumes.add(
        new VolumeBuilder()
            .withName(VolumeNames.TLS)
            .withNewSecret()
            .withSecretName(Names.agentSecret(name))
            .withDefaultMode(SECRET_MODE)
            .endSecret()
            .build());
    volumes.add(
        new VolumeBuilder()
            .withName(VolumeNames.INSTANCE)
            .withNewConfigMap()
            .withName(Names.instanceConfigMap(name))
            .endConfigMap()
            .build());
    return volumes;
  }

  /** Secrets are not for everybody in the container, unless the template says so. */
  private static Volume closed(Volume volume) {
    return volume.getSecret() == null || volume.getSecret().getDefaultMode() != null
        ? volume
        : new VolumeBuilder(volume).editSecret().withDefaultMode(SECRET_MODE).endSecret().build();
  }
}
