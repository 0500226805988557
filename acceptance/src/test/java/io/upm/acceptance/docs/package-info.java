/** What the pages in {@code docs} say is so. */
package io.upm.acceptance.docs;
