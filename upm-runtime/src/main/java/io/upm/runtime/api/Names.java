package io.upm.runtime.api;

/** Names of everything that is made for a UnitSet or a Unit, and the labels they carry. */
public final class Names {
  public static final String GROUP = "upm.syntropycloud.io";
  public static final String VERSION = "v1alpha2";
  public static final String API_VERSION = GROUP + "/" + VERSION;

  /** Version of the kind Plugin. */
  public static final String PLUGIN_VERSION = "v1alpha1";

  /** Version of the kind GrpcCall. */
  public static final String CALL_VERSION = "v1alpha1";

  /** Version of the kinds Backup and BackupSchedule. */
  public static final String BACKUP_VERSION = "v1alpha1";

  /** Version of the kinds Database and DatabaseUser. */
  public static final String PROVISION_VERSION = "v1alpha1";

  /** Database that a GrpcCall is for. */
  public static final String LABEL_DATABASE = "upm.io/database";

  /** DatabaseUser that a GrpcCall is for. */
  public static final String LABEL_DATABASE_USER = "upm.io/database-user";

  /** On a Database or a DatabaseUser with {@code deletionPolicy: Delete}: it is dropped first. */
  public static final String FINALIZER_DROP = "upm.syntropycloud.io/drop";

  /** Time on a Database or a DatabaseUser: another one has the engine looked at again. */
  public static final String ANNOTATION_APPLY = "upm.io/apply-at";

  /** Backup that a GrpcCall makes or removes. */
  public static final String LABEL_BACKUP = "upm.io/backup";

  /** On a UnitSet that a Backup is restored into for trial, and on its Units: that Backup. */
  public static final String LABEL_TRIAL = "upm.io/trial-of";

  /** Unit whose empty data volume a GrpcCall fills. */
  public static final String LABEL_RESTORES = "upm.io/restores";

  /** BackupSchedule that a Backup was made by. */
  public static final String LABEL_BACKUP_SCHEDULE = "upm.io/backup-schedule";

  /** Time of the schedule that a Backup was made for. */
  public static final String ANNOTATION_SCHEDULED = "upm.io/scheduled-at";

  /** Longest name of a Pod that is also a host name, and of a Service. */
  public static final int LIMIT = 63;

  public static final String LABEL_SET = "unit-operator/unitset.name";
  public static final String LABEL_UNIT = "unit-operator/unit.name";
  public static final String LABEL_ORDINAL = "unit-operator/unit.sn";
  public static final String LABEL_COUNT = "unit-operator/unitset.units.count";

  /** Name of the engine's container, which is also the engine's name. */
  public static final String ANNOTATION_ENGINE = "kubectl.kubernetes.io/default-container";

  /** Engine version of the template that stands in a Unit. */
  public static final String ANNOTATION_ENGINE_VERSION =
      "kubectl.kubernetes.io/default-container-version";

  /** JSON object on a UnitSet: unit name to node name, or to {@link #NO_NODE}. */
  public static final String ANNOTATION_NODE_MAP = "upm.io/node-name-map";

  /** Value in the node map for a unit that may run anywhere. */
  public static final String NO_NODE = "noneSet";

  public static final String ANNOTATION_CERTIFICATE_ORGANIZATION =
      "unit-operator/certificate.volume.certORG";

  /**
   * Time on a UnitSet, and in a Unit's template: another one restarts the Pods as a changed spec
   * does.
   */
  public static final String ANNOTATION_RESTART = "upm.io/restartedAt";

  /** Version of the plugin that serves a Unit; the newest one when it has no such annotation. */
  public static final String ANNOTATION_PLUGIN_VERSION = "upm.io/plugin-version";

  /** Hash of the part of a UnitSet that a Unit's template was made from. */
  public static final String ANNOTATION_INPUTS = "unit-operator/unitset.inputs-hash";

  /**
   * On a Unit of a set: the parameters when its template was made, as JSON; none when there were
   * none. In a template: their hash, where units are restarted for parameters.
   */
  public static final String ANNOTATION_PARAMETERS = "upm.io/started-with";

  /** Hash of the Unit's template that a Pod was made from. */
  public static final String ANNOTATION_TEMPLATE = "unit-operator/unit.template-hash";

  /** Port of a Pod with the agent's metrics. */
  public static final String PORT_AGENT_HTTP = "upm-http";

  /** Hash of that template without what can be changed in a running Pod. */
  public static final String ANNOTATION_BASE = "unit-operator/unit.base-hash";

  /** Resources of the engine's container that a Pod was asked to have, as JSON. */
  public static final String ANNOTATION_RESOURCES = "unit-operator/unit.resources";

  /** Why Kubernetes refused to resize a Pod, which is replaced then. */
  public static final String ANNOTATION_RESIZE_REFUSED = "unit-operator/unit.resize-refused";

  /** {@code "true"} on a Namespace that is being deleted: no Unit has a Pod in it any more. */
  public static final String ANNOTATION_UNITS_GONE = "upm.io/units-gone";

  /** {@code "true"} on a Unit or a UnitSet: what runs is left alone. */
  public static final String ANNOTATION_MAINTENANCE = "unit-operator/maintenance";

  /** Keys of the ConfigMap with the instance document, and of the agent's Secret. */
  public static final String KEY_INSTANCE = "instance.json";

  public static final String KEY_CERTIFICATE = "tls.crt";
  public static final String KEY_PRIVATE_KEY = "tls.key";
  public static final String KEY_AUTHORITY = "ca.crt";

  private Names() {}

  public static String unit(String set, int ordinal) {
    return set + "-" + ordinal;
  }

  public static String headlessService(String set) {
    return set + "-headless-svc";
  }

  /** Of a set for its external Service, of a unit for its own. */
  public static String service(String setOrUnit) {
    return setOrUnit + "-svc";
  }

  public static String claim(String unit, String volume) {
    return unit + "-" + volume;
  }

  public static String instanceConfigMap(String unit) {
    return unit + "-instance";
  }

  public static String agentSecret(String unit) {
    return unit + "-agent-tls";
  }

  /** Issuer of the set's certificates, a kind of cert-manager's. */
  public static String issuer(String set) {
    return set + "-certmanager-issuer";
  }

  /** Certificate of a unit, a kind of cert-manager's. */
  public static String certificate(String unit) {
    return unit + "-certmanager-ca";
  }

  /** Secret that cert-manager writes that certificate to. */
  public static String certificateSecret(String unit) {
    return unit + "-certmanager-ca-secret";
  }

  /** PodMonitor of a set, a kind of the Prometheus operator's. */
  public static String podMonitor(String set) {
    return set + "-exporter-podmon";
  }

  /** DNS name under which the Pods of the namespace's cluster reach a unit. */
  public static String host(String unit, String subdomain, String namespace) {
    return unit + "." + subdomain + "." + namespace + ".svc";
  }
}
