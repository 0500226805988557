package io.upm.agent.supervise;

import io.upm.agent.account.AccountKeeper;
import io.upm.agent.config.ConfigApplier;
import io.upm.agent.config.LiveConfig;
import io.upm.agent.document.DocumentStore;
import io.upm.agent.engine.DetachedEngine;
import io.upm.agent.plugin.PluginSlot;
import io.upm.agent.report.StatusBoard;

/**
 * What supervision works with.
 *
 * @param documents what is wanted
 * @param plugins who knows how
 * @param engine the process
 * @param configs its configuration
 * @param live what of it a running engine takes
 * @param accounts its passwords
 * @param board where it is told
 */
public record Parts(
    DocumentStore documents,
    PluginSlot plugins,
    DetachedEngine engine,
    ConfigApplier configs,
    LiveConfig live,
    AccountKeeper accounts,
    StatusBoard board) {}
