package io.upm.runtime.plugin;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Zips in the runtime's container, such as on a volume; the signature is {@code <zip>.sig}. */
final class FileFetcher {
  private static final int MAX_SIGNATURE = 64 << 10;

  Optional<byte[]> fetch(PluginSource.File source, OutputStream into, Fetcher.Progress progress)
      throws IOException, Refusal {
    Path file = source.path();
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(
          "there is no file %s in the runtime's container".formatted(file));
    }
    long size = Files.size(file);
    if (size > Fetcher.MAX_BYTES) {
      throw new Refusal(
          Refusal.Reason.TOO_LARGE,
          "%s is larger than %d MiB".formatted(source.text(), Fetcher.MAX_BYTES >> 20));
    }
    Files.copy(file, into);
    progress.arrived(size, size);
    Path signature = Path.of(file + ".sig");
    return Files.isRegularFile(signature) && Files.size(signature) <= MAX_SIGNATURE
        ? Optional.of(Files.readAllBytes(signature))
        : Optional.empty();
  }
}
