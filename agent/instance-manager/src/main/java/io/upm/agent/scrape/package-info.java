/** What is read for monitoring at the moment it is asked for. */
@org.jspecify.annotations.NullMarked
package io.upm.agent.scrape;
