/**
 * Projects: a namespace, a service account, an AES key and, if wanted, a certificate authority.
 * What is made for a Project outlives it: data can't be read without the key.
 */
@org.jspecify.annotations.NullMarked
package io.upm.runtime.project;
