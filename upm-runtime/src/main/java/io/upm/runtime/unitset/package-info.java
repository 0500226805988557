/**
 * One UnitSet: its Units, Services and topology object.
 *
 * <pre>observe (I/O) → decide (pure) → act (I/O, idempotent) → report (pure)</pre>
 */
@org.jspecify.annotations.NullMarked
package io.upm.runtime.unitset;
