package io.upm.runtime.engine;

/**
 * How an engine is given what an object declares.
 *
 * @param apply name of the action that makes it so
 * @param drop name of the action that removes it
 */
public record Provision(String apply, String drop) {}
