package io.upm.runtime.validation;

import io.fabric8.kubernetes.api.model.Volume;
import io.upm.runtime.api.EmptyDirSpec;
import io.upm.runtime.api.ExtraVolumeSpec;
import io.upm.runtime.api.StorageSpec;
import io.upm.runtime.kube.Canonical;
import io.upm.spi.Problem;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Volumes and where they are mounted. */
final class VolumeRules {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._@+-]+)+");
  private static final String PATH_ALLOWED =
      "an absolute path of letters, digits, \"_\", \"-\", \".\", \"@\" and \"+\", without \"..\" and"
          + " without \"/\" at its end";

  /** Names that the runtime gives to its own volumes. */
  private static final Set<String> RESERVED_NAMES =
      Set.of(
          "secret",
          "certificate",
          "cipher",
          "upm-agent",
          "upm-run",
          "upm-tmp",
          "upm-tls",
          "upm-instance");

  /** Where the runtime mounts its own, and what a container can't do without. */
  private static final List<String> RESERVED_PATHS =
      List.of("/opt/upm", "/etc/upm", "/run/upm", "/tmp", "/proc", "/sys", "/dev", "/CERT_MOUNT");

  private static final Set<String> ROOTS =
      Set.of("/bin", "/etc", "/lib", "/lib64", "/sbin", "/usr");

  private final List<Problem> problems = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final List<Mount> mounts = new ArrayList<>();

  private record Mount(String field, String path) {}

  private VolumeRules() {}

  static List<Problem> check(SetSubject subject) {
    var rules = new VolumeRules();
    var spec = subject.spec();
    for (StorageSpec storage : spec.storages()) {
      rules.storage(storage, subject.surroundings().sizes().get(storage.name()));
    }
    for (EmptyDirSpec directory : spec.emptyDir()) {
      rules.emptyDir(directory);
    }
    for (ExtraVolumeSpec extra : spec.extraVolume()) {
      rules.extra(extra);
    }
    if (spec.secret() != null) {
      rules.mount("spec.secret.mountPath", spec.secret().mountPath());
    }
    rules.required(subject);
    rules.overlaps();
    return rules.problems;
  }

  private void storage(StorageSpec storage, @Nullable String existing) {
    String field = "spec.storages." + storage.name();
    name("spec.storages.name", storage.name());
    mount(field + ".mountPath", storage.mountPath());
    Optional<BigDecimal> size = size(field + ".size", storage.size());
    if (size.isPresent() && existing != null) {
      Sizes.bytes(existing)
          .filter(present -> size.get().compareTo(present) < 0)
          .ifPresent(present ->
              problems.add(
                  new Problem(
                      field + ".size",
                      storage.size(),
                      "at least %s, what the units have: a volume can't shrink"
                          .formatted(existing))));
    }
  }

  private void emptyDir(EmptyDirSpec directory) {
    String field = "spec.emptyDir." + directory.name();
    name("spec.emptyDir.name", directory.name());
    mount(field + ".mountPath", directory.mountPath());
    if (directory.size() != null) {
      size(field + ".size", directory.size());
    }
  }

  private void extra(ExtraVolumeSpec extra) {
    Volume volume = extra.volume();
    String name = volume == null || volume.getName() == null ? "" : volume.getName();
    String field = "spec.extraVolume." + name;
    name("spec.extraVolume.volume.name", name);
    mount(field + ".volumeMountPath", extra.volumeMountPath());
    int sources = volume == null ? 0 : Canonical.tree(volume).size() - (name.isEmpty() ? 0 : 1);
    if (sources != 1) {
      problems.add(
          new Problem(
              field + ".volume",
              sources + " sources",
              "exactly one source, such as secret, configMap or hostPath"));
    }
  }

  private void name(String field, String name) {
    if (!NAME.matcher(name).matches()) {
      problems.add(
          new Problem(field, name, "lower-case letters, digits and dashes, at most 63 of them"));
    } else if (RESERVED_NAMES.contains(name)) {
      problems.add(new Problem(field, name, "another name: this one is the runtime's own volume"));
    } else if (!names.add(name)) {
      problems.add(
          new Problem(
              field, name, "each name once in spec.storages, spec.emptyDir and spec.extraVolume"));
    }
  }

  private Optional<BigDecimal> size(String field, String size) {
    Optional<BigDecimal> bytes = Sizes.bytes(size);
    if (bytes.isEmpty()) {
      problems.add(new Problem(field, size, Sizes.ALLOWED));
    }
    return bytes;
  }

  private void mount(String field, @Nullable String path) {
    String given = path == null ? "" : path;
    if (!PATH.matcher(given).matches() || given.contains("/..") || given.contains("/./")) {
      problems.add(new Problem(field, given, PATH_ALLOWED));
      return;
    }
    Optional<String> reserved =
        RESERVED_PATHS.stream().filter(own -> inside(given, own) || inside(own, given)).findFirst();
    if (reserved.isPresent() || ROOTS.contains(given)) {
      problems.add(
          new Problem(
              field,
              given,
              "a path that hides nothing of the container; %s is taken"
                  .formatted(reserved.orElse(given))));
      return;
    }
    mounts.add(new Mount(field, given));
  }

  private void overlaps() {
    for (int i = 0; i < mounts.size(); i++) {
      for (int j = i + 1; j < mounts.size(); j++) {
        Mount one = mounts.get(i);
        Mount other = mounts.get(j);
        if (inside(one.path(), other.path()) || inside(other.path(), one.path())) {
          problems.add(
              new Problem(
                  other.field(),
                  other.path(),
                  "a path apart from that of %s, \"%s\"".formatted(one.field(), one.path())));
        }
      }
    }
  }

  private void required(SetSubject subject) {
    if (subject.engine().isEmpty()) {
      return;
    }
    var descriptor = subject.engine().get().descriptor();
    for (var volume : descriptor.volumes()) {
      if (volume.required() && !names.contains(volume.name())) {
        problems.add(
            new Problem(
                "spec.storages",
                "",
                "%s needs a storage (or an emptyDir) named \"%s\"%s"
                    .formatted(
                        descriptor.displayName(),
                        volume.name(),
                        names.isEmpty()
                            ? ""
                            : "; there is "
                                + names.stream().sorted().collect(Collectors.joining(", ")))));
      }
    }
  }

  private static boolean inside(String path, String directory) {
    return path.equals(directory) || path.startsWith(directory + "/");
  }
}
