/** The admission webhook: the reconcilers' rules, told before an object is stored. */
@org.jspecify.annotations.NullMarked
package io.upm.runtime.admission;
