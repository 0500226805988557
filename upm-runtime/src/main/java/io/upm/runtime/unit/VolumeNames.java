package io.upm.runtime.unit;

/** Names of the volumes in a Pod that the runtime puts there, and their mount points. */
public final class VolumeNames {
  /** Secret with the passwords. */
  public static final String SECRET = "secret";

  /** As in Pods of the former operator. */
  static final String FORMER_SECRET = "unit-secret";

  /** Secret with the AES key of encrypted passwords. */
  public static final String CIPHER = "cipher";

  public static final String CIPHER_PATH = "/etc/upm/cipher";

  /** Secret with the engine's certificate. */
  public static final String CERTIFICATE = "certificate";

  public static final String CERTIFICATE_PATH = "/CERT_MOUNT";

  static final String AGENT = "upm-agent";
  static final String AGENT_PATH = "/opt/upm";

  /** Where the init container sees that volume: its own tree is at the other path. */
  static final String AGENT_TARGET = "/target";

  static final String RUN = "upm-run";
  static final String RUN_PATH = "/run/upm";
  static final String TEMPORARY = "upm-tmp";
  static final String TEMPORARY_PATH = "/tmp";
  static final String TLS = "upm-tls";
  static final String TLS_PATH = "/etc/upm/tls";
  static final String INSTANCE = "upm-instance";
  static final String INSTANCE_PATH = "/etc/upm/instance";

  private VolumeNames() {}

  static boolean isPassword(String volume) {
    return SECRET.equals(volume) || FORMER_SECRET.equals(volume) || CIPHER.equals(volume);
  }
}
