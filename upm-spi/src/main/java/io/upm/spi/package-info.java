/**
 * The contract between UPM and an engine plugin.
 *
 * <p>A plugin knows one database and no Kubernetes; whoever calls it knows Kubernetes and no
 * database. Everything that crosses is a record, an enum, a sealed interface or a JDK type. A
 * plugin starts no thread, registers no driver and keeps no static state: whatever has a life time
 * comes from the host ({@link io.upm.spi.RuntimeContext}, {@link
 * io.upm.spi.instance.AgentContext}).
 */
@org.jspecify.annotations.NullMarked
package io.upm.spi;
