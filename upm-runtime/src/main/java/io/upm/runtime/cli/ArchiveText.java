package io.upm.runtime.cli;

import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginArchiveException;
import java.nio.file.Path;
import java.util.List;

/** What a plugin's zip is, as commands say it. */
final class ArchiveText {
  private ArchiveText() {}

  /**
   * Reads a zip as a runtime would before it loads it.
   *
   * @throws CliException with what is wrong with it
   */
  static PluginArchive read(Path file) {
    try {
      return PluginArchive.read(file);
    } catch (PluginArchiveException e) {
      throw new CliException(ExitCodes.TROUBLE, String.valueOf(e.getMessage()));
    }
  }

  static List<String> lines(PluginArchive archive) {
    return List.of(
        "plugin    " + archive.key().id(),
        "version   " + archive.key().version(),
        "digest    sha256:" + archive.key().digest(),
        "SPI       " + archive.requires(),
        "TCK       " + archive.tck().sentence());
  }
}
