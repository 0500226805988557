/** The instance document: what the runtime tells an agent about its instance. */
@org.jspecify.annotations.NullMarked
package io.upm.host.document;
