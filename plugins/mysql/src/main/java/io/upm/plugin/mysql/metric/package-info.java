/** What a server tells to monitoring. */
@org.jspecify.annotations.NullMarked
package io.upm.plugin.mysql.metric;
