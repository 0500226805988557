/** What the plugin can do beside the engine: operations, one at a time, told of while they run. */
@org.jspecify.annotations.NullMarked
package io.upm.agent.action;
