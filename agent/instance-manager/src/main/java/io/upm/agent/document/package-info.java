/** The instance document: which one is held, and where it comes from. */
@org.jspecify.annotations.NullMarked
package io.upm.agent.document;
