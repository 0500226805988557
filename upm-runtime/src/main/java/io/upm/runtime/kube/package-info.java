/** Kubernetes: applying, conditions, events. */
@org.jspecify.annotations.NullMarked
package io.upm.runtime.kube;
