package io.upm.runtime.provision;

import io.fabric8.kubernetes.client.CustomResource;
import io.upm.runtime.api.ProvisionStatus;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A kind of objects that declare something inside an engine.
 *
 * @param label label of its calls
 * @param fieldManager of its status
 * @param maker makes an empty object
 * @param reader what an object declares
 */
record ProvisionKind<R extends CustomResource<?, ProvisionStatus>>(
    Class<R> type,
    String label,
    String fieldManager,
    Supplier<R> maker,
    Function<R, Declared> reader) {}
