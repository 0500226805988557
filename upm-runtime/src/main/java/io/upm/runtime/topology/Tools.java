package io.upm.runtime.topology;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.upm.runtime.agent.Agents;
import io.upm.runtime.kube.Events;
import java.time.InstantSource;

/** What all topology loops use. */
record Tools(
    KubernetesClient client,
    ClusterCaches caches,
    Agents agents,
    Publisher publisher,
    Events events,
    LoopMeters meters,
    InstantSource clock) {}
