/** What a process that outlives the Pods it talks to needs to find them. */
@org.jspecify.annotations.NullMarked
package io.upm.host.net;
