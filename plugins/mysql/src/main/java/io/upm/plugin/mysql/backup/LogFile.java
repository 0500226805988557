package io.upm.plugin.mysql.backup;

import io.upm.plugin.mysql.client.GtidSet;

/**
 * A file of the binary log.
 *
 * @param name its name, without a directory
 * @param bytes its size
 * @param previous all transactions of the server before this file, those too whose files are gone
 */
record LogFile(String name, long bytes, GtidSet previous) {}
