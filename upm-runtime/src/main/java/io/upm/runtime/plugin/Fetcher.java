package io.upm.runtime.plugin;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** Reads plugins from where they are. */
interface Fetcher {
  /** Largest zip that is read, as the plugin host has it. */
  long MAX_BYTES = 128L << 20;

  /** Told how much has arrived, and of how much; 0 while that isn't known. */
  interface Progress {
    void arrived(long bytes, long of);
  }

  /**
   * Reads a zip.
   *
   * @param into where its bytes go
   * @return the signature beside it, if there is one
   * @throws IOException when it may be there later; the message says what is awaited
   * @throws Refusal when it never will be
   */
  Optional<byte[]> fetch(Wish wish, OutputStream into, Progress progress)
      throws IOException, Refusal, InterruptedException;
}
