/** Parameters, sizing and {@code my.cnf}. Pure. */
@org.jspecify.annotations.NullMarked
package io.upm.plugin.mysql.config;
