/** Passwords as users' Secrets hold them. */
@org.jspecify.annotations.NullMarked
package io.upm.host.credential;
