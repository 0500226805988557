/**
 * What may stand in a UnitSet. Pure: the same rules hold at admission and in the reconciler, and
 * each finding is one sentence with field, value and what is allowed.
 */
@org.jspecify.annotations.NullMarked
package io.upm.runtime.validation;
