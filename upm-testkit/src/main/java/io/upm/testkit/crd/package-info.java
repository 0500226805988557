/** Custom resource definitions of the topologies that plugins declare. */
@org.jspecify.annotations.NullMarked
package io.upm.testkit.crd;
