package io.upm.runtime.validation;

import io.upm.runtime.api.ImagePullSecretSpec;
import io.upm.runtime.api.ResizePolicySpec;
import io.upm.runtime.api.UnitSetSpec;
import io.upm.spi.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** What goes into the Pods as it is. */
final class PodRules {
  static final int LONGEST_WAIT = 86_400;

  private PodRules() {}

  static List<Problem> check(UnitSetSpec spec) {
    var problems = new ArrayList<Problem>();
    String priority = spec.priorityClassName();
    if (priority != null && !priority.isEmpty() && !ObjectNames.isOne(priority)) {
      problems.add(new Problem("spec.priorityClassName", priority, ObjectNames.ALLOWED));
    }
    pullSecrets(spec.imagePullSecrets(), problems);
    resizing(spec.resizePolicy(), problems);
    Integer wait = spec.minReadySeconds();
    if (wait != null && (wait < 0 || wait > LONGEST_WAIT)) {
      problems.add(
          new Problem(
              "spec.minReadySeconds",
              wait.toString(),
              "a number of seconds from 0 to " + LONGEST_WAIT));
    }
    return problems;
  }

  private static void pullSecrets(List<ImagePullSecretSpec> secrets, List<Problem> problems) {
    var seen = new HashSet<String>();
    for (ImagePullSecretSpec secret : secrets) {
      String name = secret.name() == null ? "" : secret.name();
      if (!ObjectNames.isOne(name)) {
        problems.add(new Problem("spec.imagePullSecrets.name", name, ObjectNames.ALLOWED));
      } else if (!seen.add(name)) {
        problems.add(new Problem("spec.imagePullSecrets.name", name, "each name once"));
      }
    }
  }

  private static void resizing(List<ResizePolicySpec> policies, List<Problem> problems) {
    var seen = new HashSet<ResizePolicySpec.Resource>();
    for (ResizePolicySpec policy : policies) {
      ResizePolicySpec.Resource resource = policy.resourceName();
      if (resource == null) {
        problems.add(new Problem("spec.resizePolicy.resourceName", "", "cpu or memory"));
        continue;
      }
      if (!seen.add(resource)) {
        problems.add(
            new Problem("spec.resizePolicy.resourceName", resource.text(), "each resource once"));
      }
      if (policy.restartPolicy() == null) {
        problems.add(
            new Problem(
                "spec.resizePolicy.%s.restartPolicy".formatted(resource.text()),
                "",
                "NotRequired or RestartContainer"));
      }
    }
  }
}
