package io.upm.runtime.provision;

import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.upm.runtime.api.Database;
import io.upm.runtime.api.Names;
import java.util.List;

/** Keeps databases inside engines as they are declared. */
@ControllerConfiguration(
    name = "database",
    fieldManager = DatabaseReconciler.FIELD_MANAGER,
    generationAwareEventProcessing = false,
    triggerReconcilerOnAllEvents = true)
public final class DatabaseReconciler implements Reconciler<Database> {
  static final String FIELD_MANAGER = "upm-database";

  private final Provisioning<Database> provisioning;

  public DatabaseReconciler(ProvisionParts parts) {
    this.provisioning =
        new Provisioning<>(
            parts,
            new ProvisionKind<>(
                Database.class, Names.LABEL_DATABASE, FIELD_MANAGER, Database::new, Declared::of));
  }

  @Override
  public List<EventSource<?, Database>> prepareEventSources(EventSourceContext<Database> context) {
    return provisioning.prepareEventSources(context);
  }

  @Override
  public UpdateControl<Database> reconcile(Database database, Context<Database> context) {
    return provisioning.reconcile(database, context);
  }

  /** To be called before the informers stop: nothing is seen in them then, though it is there. */
  public void stop() {
    provisioning.stop();
  }

  @Override
  public ErrorStatusUpdateControl<Database> updateErrorStatus(
      Database database, Context<Database> context, Exception failure) {
    return provisioning.failed(database, failure);
  }
}
