/** Passwords of the accounts of a server that runs. */
@org.jspecify.annotations.NullMarked
package io.upm.plugin.mysql.account;
