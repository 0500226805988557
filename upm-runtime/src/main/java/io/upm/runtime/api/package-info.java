/**
 * The resources that users write: UnitSet and Unit, group {@code upm.syntropycloud.io}, version
 * {@code v1alpha2}. CRDs in {@code /crds} are generated from these types.
 */
@org.jspecify.annotations.NullMarked
package io.upm.runtime.api;
