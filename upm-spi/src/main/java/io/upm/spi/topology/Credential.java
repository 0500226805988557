package io.upm.spi.topology;

import io.upm.spi.Password;

/** A user and its password. */
public record Credential(String user, Password password) {}
