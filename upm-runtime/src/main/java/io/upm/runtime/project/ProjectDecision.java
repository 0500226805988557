package io.upm.runtime.project;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.upm.runtime.addon.AddOnKind;
import io.upm.spi.Problem;
import java.util.List;
import java.util.Optional;

/**
 * What is to be done for a Project.
 *
 * @param problems why its spec can't be carried out; nothing is made or changed then
 * @param namespace the namespace as it should be; empty when nothing is done to it
 * @param account the service account as it should be
 * @param makesKey whether a key is made now
 * @param authority Issuer and Certificate as they should be
 * @param surplus those that go
 * @param missing kinds that are needed and not there
 * @param trouble what somebody has to do; empty when nothing
 */
record ProjectDecision(
    List<Problem> problems,
    Optional<Namespace> namespace,
    Optional<ServiceAccount> account,
    boolean makesKey,
    List<GenericKubernetesResource> authority,
    List<GenericKubernetesResource> surplus,
    List<AddOnKind> missing,
    String trouble) {

  static ProjectDecision nothing(List<Problem> problems, String trouble) {
    return new ProjectDecision(
        problems,
        Optional.empty(),
        Optional.empty(),
        false,
        List.of(),
        List.of(),
        List.of(),
        trouble);
  }
}
