package io.upm.agent.scrape;

/**
 * How full a volume is.
 *
 * @param name of the volume
 * @param sizeBytes of its file system
 * @param availableBytes what the engine can still write there
 */
public record VolumeUse(String name, long sizeBytes, long availableBytes) {}
