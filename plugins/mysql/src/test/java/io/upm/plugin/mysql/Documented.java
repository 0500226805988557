package io.upm.plugin.mysql;

/** Manifests as users know them from the documentation. */
public final class Documented {
  private Documented() {}

  public static String semiSynchronous() {
    return manifest("mysql-cluster-replication", "rpl_semi_sync", "NodePort");
  }

  public static String groupReplication() {
    return manifest("mysql-group-replication", "group_replication", "LoadBalancer");
  }

  private static String manifest(String name, String mode, String service) {
    return """
    apiVersion: upm.syntropycloud.io/v1alpha1
    kind: MysqlReplication
    metadata:
      name: %s
      namespace: default
    spec:
      mode: %s
      secret:
        name: mysql-cluster-secret
        mysql: replication
        replication: replication
      source:
        name: mysql-cluster-0
        host: mysql-cluster-0.mysql-cluster-headless-svc.default
        port: 3306
      replica:
        - name: mysql-cluster-1
          host: mysql-cluster-1.mysql-cluster-headless-svc.default
          port: 3306
        - name: mysql-cluster-2
          host: mysql-cluster-2.mysql-cluster-headless-svc.default
          port: 3306
      service:
        type: %s
    """
        .formatted(name, mode, service);
  }
}
