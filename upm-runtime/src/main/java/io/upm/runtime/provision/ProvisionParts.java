package io.upm.runtime.provision;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.upm.runtime.RuntimeMetrics;
import io.upm.runtime.engine.EngineRegistry;
import io.upm.runtime.kube.Events;
import io.upm.runtime.topology.TopologyObjects;
import io.upm.runtime.unit.UnitReconciler;
import java.time.InstantSource;

/**
 * What the reconcilers of databases and users work with.
 *
 * @param units who knows Units
 * @param topologies who knows which of them take writes
 */
public record ProvisionParts(
    KubernetesClient client,
    EngineRegistry engines,
    UnitReconciler units,
    TopologyObjects topologies,
    Events events,
    RuntimeMetrics metrics,
    InstantSource clock) {}
