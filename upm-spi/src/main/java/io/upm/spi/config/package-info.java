/** Parameters and the pure rendering of configuration files. */
@org.jspecify.annotations.NullMarked
package io.upm.spi.config;
