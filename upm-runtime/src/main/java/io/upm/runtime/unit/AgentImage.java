package io.upm.runtime.unit;

import io.upm.runtime.kube.Canonical;

/**
 * Where agents come from.
 *
 * @param reference image that new Pods get the agent from
 * @param inPlace whether agents of other Pods are changed for that one, too, beside their engines
 */
public record AgentImage(String reference, boolean inPlace) {
  private static final int LENGTH = 12;

  /** Of the agent's tree that comes from an image, where others are: lower-case letters, digits. */
  static String tree(String reference) {
    return Canonical.hash(reference).substring(0, LENGTH);
  }

  String tree() {
    return tree(reference);
  }
}
