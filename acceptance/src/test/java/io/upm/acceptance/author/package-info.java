/** Plugins that are made and built outside of this repository. */
package io.upm.acceptance.author;
