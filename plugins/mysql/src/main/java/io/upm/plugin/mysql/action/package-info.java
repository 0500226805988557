/** What can be done beside a server that runs. */
@org.jspecify.annotations.NullMarked
package io.upm.plugin.mysql.action;
