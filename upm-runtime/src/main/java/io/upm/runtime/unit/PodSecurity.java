package io.upm.runtime.unit;

import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Security contexts that satisfy the "restricted" Pod Security Standard; what a template sets
 * itself stays.
 */
final class PodSecurity {
  private PodSecurity() {}

  static PodSecurityContext pod(@Nullable PodSecurityContext given, int userId) {
    PodSecurityContext template = given == null ? new PodSecurityContext() : given;
    var context = new PodSecurityContextBuilder(template);
    context
        .withRunAsNonRoot(or(template, PodSecurityContext::getRunAsNonRoot, true))
        .withRunAsUser(or(template, PodSecurityContext::getRunAsUser, (long) userId))
        .withRunAsGroup(or(template, PodSecurityContext::getRunAsGroup, (long) userId))
        .withFsGroup(or(template, PodSecurityContext::getFsGroup, (long) userId))
        .withFsGroupChangePolicy(
            or(template, PodSecurityContext::getFsGroupChangePolicy, "OnRootMismatch"));
    if (template.getSeccompProfile() == null) {
      context.withNewSeccompProfile().withType("RuntimeDefault").endSeccompProfile();
    }
    return context.build();
  }

  static SecurityContext container(@Nullable SecurityContext given) {
    SecurityContext template = given == null ? new SecurityContext() : given;
    var context = new SecurityContextBuilder(template);
    context
        .withAllowPrivilegeEscalation(
            or(template, SecurityContext::getAllowPrivilegeEscalation, false))
        .withReadOnlyRootFilesystem(or(template, SecurityContext::getReadOnlyRootFilesystem, true));
    if (template.getCapabilities() == null) {
      context.withNewCapabilities().withDrop("ALL").endCapabilities();
    }
    return context.build();
  }

  private static <C, V> V or(C context, Function<C, @Nullable V> field, V otherwise) {
    V value = field.apply(context);
    return value == null ? otherwise : value;
  }
}
