/** Configuration files: rendered, checked with the engine, swapped in. */
@org.jspecify.annotations.NullMarked
package io.upm.agent.config;
