package io.upm.runtime.project;

/** Names and labels of what is made for a Project. */
final class ProjectNames {
  /** On everything that is made for a Project; its value is the Project's name. */
  static final String LABEL = "unit-operator/project";

  /** Secret with the key, and the key in it. */
  static final String KEY_SECRET = "aes-secret-key";

  static final String KEY = "AES_SECRET_KEY";

  /** Characters of an AES-256 key. */
  static final int KEY_LENGTH = 32;

  private ProjectNames() {}

  static String serviceAccount(String namespace) {
    return namespace + "-serviceaccount";
  }

  static String issuer(String project) {
    return project + "-selfsigned";
  }
}
