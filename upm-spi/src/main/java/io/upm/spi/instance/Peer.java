package io.upm.spi.instance;

/**
 * Another instance of the same set.
 *
 * @param unit name
 * @param ordinal its number in the set
 * @param host DNS name
 */
public record Peer(String unit, int ordinal, String host) {}
