package io.upm.runtime.api;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** One thing that is to be done beside a database, once. */
@Group(Names.GROUP)
@Version(Names.CALL_VERSION)
@Kind("GrpcCall")
@Singular("grpccall")
@Plural("grpccalls")
@ShortNames("gc")
@AdditionalPrinterColumn(name = "UNIT", jsonPath = ".spec.targetUnit")
@AdditionalPrinterColumn(name = "ACTION", jsonPath = ".spec.action")
@AdditionalPrinterColumn(name = "PHASE", jsonPath = ".status.phase")
@AdditionalPrinterColumn(
    name = "PERCENT",
    jsonPath = ".status.progress.percent",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "AGE",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(name = "MESSAGE", jsonPath = ".status.message", priority = 1)
public final class GrpcCall extends CustomResource<GrpcCallSpec, GrpcCallStatus>
    implements Namespaced {
  private static final long serialVersionUID = 1L;

  /** Said here, as the library would look for a way to make one, at each object that is read. */
  @Override
  protected @Nullable GrpcCallSpec initSpec() {
    return null;
  }

  @Override
  protected @Nullable GrpcCallStatus initStatus() {
    return null;
  }
}
