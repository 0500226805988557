package io.upm.runtime.provision;

import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.upm.runtime.api.DatabaseUser;
import io.upm.runtime.api.Names;
import java.util.List;

/** Keeps users inside engines as they are declared. */
@ControllerConfiguration(
    name = "databaseuser",
    fieldManager = DatabaseUserReconciler.FIELD_MANAGER,
    generationAwareEventProcessing = false,
    triggerReconcilerOnAllEvents = true)
public final class DatabaseUserReconciler implements Reconciler<DatabaseUser> {
  static final String FIELD_MANAGER = "upm-databaseuser";

  private final Provisioning<DatabaseUser> provisioning;

  public DatabaseUserReconciler(ProvisionParts parts) {
    this.provisioning =
        new Provisioning<>(
            parts,
            new ProvisionKind<>(
                DatabaseUser.class,
                Names.LABEL_DATABASE_USER,
                FIELD_MANAGER,
                DatabaseUser::new,
                Declared::of));
  }

  @Override
  public List<EventSource<?, DatabaseUser>> prepareEventSources(
      EventSourceContext<DatabaseUser> context) {
    return provisioning.prepareEventSources(context);
  }

  @Override
  public UpdateControl<DatabaseUser> reconcile(DatabaseUser user, Context<DatabaseUser> context) {
    return provisioning.reconcile(user, context);
  }

  /** To be called before the informers stop: nothing is seen in them then, though it is there. */
  public void stop() {
    provisioning.stop();
  }

  @Override
  public ErrorStatusUpdateControl<DatabaseUser> updateErrorStatus(
      DatabaseUser user, Context<DatabaseUser> context, Exception failure) {
    return provisioning.failed(user, failure);
  }
}
