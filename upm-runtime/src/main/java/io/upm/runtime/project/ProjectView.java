package io.upm.runtime.project;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.upm.runtime.addon.AddOnKind;
import io.upm.runtime.api.Project;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that a decision about a Project depends on.
 *
 * @param namespace its namespace; empty when there is none
 * @param account its service account
 * @param key what is known of the Secret with the key
 * @param addOns kinds of other products that are there
 * @param authority Issuer and Certificate of its authority
 */
record ProjectView(
    Project project,
    Optional<Namespace> namespace,
    Optional<ServiceAccount> account,
    KeyState key,
    Set<AddOnKind> addOns,
    List<GenericKubernetesResource> authority,
    Instant now) {

  /** What is known of the key; its value is not kept. */
  enum KeyState {
    MISSING,
    UNUSABLE,
    USABLE
  }

  String name() {
    return project.getMetadata().getName();
  }

  boolean isTerminating() {
    return namespace.filter(one -> one.getMetadata().getDeletionTimestamp() != null).isPresent();
  }
}
