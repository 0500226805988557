package io.upm.runtime.unit;

import java.util.Optional;

/**
 * What a Pod needs beside its Unit's template. None of it is part of the template's hash: a new
 * agent image or plugin replaces no Pod.
 *
 * @param agentImage image that the agent is copied from
 * @param userId user and group of the engine
 * @param dataPath mount point of the data volume
 * @param node node that the Pod must run on; empty for any
 */
public record PodSettings(String agentImage, int userId, String dataPath, Optional<String> node) {}
