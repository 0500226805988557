package io.upm.runtime.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.api.config.Cloner;
import io.upm.runtime.api.Database;
import io.upm.runtime.api.DatabaseUser;
import io.upm.runtime.api.Plugin;
import io.upm.runtime.api.Project;
import io.upm.runtime.api.Unit;
import io.upm.runtime.api.UnitSet;
import java.util.function.Supplier;

/**
 * Copies for reconcilers of what is in the caches. Spec and status of the runtime's own kinds are
 * records that nobody changes, so copies share them; only the metadata is copied. JOSDK's own
 * cloner writes each object as JSON and reads it again, at every look.
 */
public final class LeanCloner implements Cloner {
  private final KubernetesSerialization others;

  /**
   * A cloner.
   *
   * @param others copies what is not one of the runtime's own kinds
   */
  public LeanCloner(KubernetesSerialization others) {
    this.others = others;
  }

  @Override
  @SuppressWarnings("unchecked") // a copy is of the original's class
  public <R extends HasMetadata> R clone(R original) {
    return switch (original) {
      case Unit unit -> (R) copy(unit, Unit::new);
      case UnitSet set -> (R) copy(set, UnitSet::new);
      case Project project -> (R) copy(project, Project::new);
      case Plugin plugin -> (R) copy(plugin, Plugin::new);
      case Database database -> (R) copy(database, Database::new);
      case DatabaseUser user -> (R) copy(user, DatabaseUser::new);
      default -> others.clone(original);
    };
  }

  private static <S, T, R extends CustomResource<S, T>> R copy(R original, Supplier<R> maker) {
    R copy = maker.get();
    copy.setMetadata(new ObjectMetaBuilder(original.getMetadata()).build());
    copy.setSpec(original.getSpec());
    copy.setStatus(original.getStatus());
    return copy;
  }
}
