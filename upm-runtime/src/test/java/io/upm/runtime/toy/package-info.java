/** A plugin for tests, put into a zip by {@code ToyZip}. */
package io.upm.runtime.toy;
