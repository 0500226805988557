package io.upm.runtime.agent;

/**
 * Where an agent is reached.
 *
 * @param address Pod address
 * @param podUid uid of the Pod; another one means another agent
 */
public record AgentTarget(String address, String podUid) {}
