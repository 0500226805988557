/** A run of everything in an image's build, so that the AOT cache knows the classes. */
@org.jspecify.annotations.NullMarked
package io.upm.agent.train;
