package io.upm.spi.config;

/** How a parameter's value is written. */
public enum ParameterType {
  /** A whole number. */
  INTEGER,
  /** A number of bytes; suffixes K, M, G, T (powers of 1024) are understood. */
  SIZE,
  /** A decimal number. */
  DECIMAL,
  /** {@code ON} or {@code OFF}; also 1, 0, true, false, whatever the case. */
  BOOLEAN,
  /** One of the allowed values. */
  ENUMERATION,
  /** Any number of the allowed values, with commas between them. */
  SET,
  /** Text. */
  STRING
}
