/** {@code MysqlReplication}: observe, decide, act, report. */
@org.jspecify.annotations.NullMarked
package io.upm.plugin.mysql.topology;
