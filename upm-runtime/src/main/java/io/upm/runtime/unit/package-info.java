/**
 * One Unit: its instance document, certificate, volume claims and Pod.
 *
 * <pre>observe (I/O) → decide (pure) → act (I/O, idempotent) → report (pure)</pre>
 */
@org.jspecify.annotations.NullMarked
package io.upm.runtime.unit;
