/** The certificate authority for agents. */
@org.jspecify.annotations.NullMarked
package io.upm.runtime.pki;
