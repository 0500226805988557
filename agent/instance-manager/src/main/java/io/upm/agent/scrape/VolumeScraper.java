package io.upm.agent.scrape;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks how full the volumes are. One whose storage is gone may never answer. */
public final class VolumeScraper {
  private static final Logger LOG = LoggerFactory.getLogger(VolumeScraper.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Supplier<Map<String, Path>> volumes;
  private final SharedCall<List<VolumeUse>> call =
      new SharedCall<>("volumes", this::look, PATIENCE);

  /**
   * @param volumes mount points by name
   */
  public VolumeScraper(Supplier<Map<String, Path>> volumes) {
    this.volumes = volumes;
  }

  /** All volumes, by name; empty when one doesn't answer. */
  public List<VolumeUse> scrape() {
    try {
      return call.get();
    } catch (TimeoutException | ExecutionException e) {
      LOG.debug("volumes: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return List.of();
  }

  private List<VolumeUse> look() throws IOException {
    var uses = new ArrayList<VolumeUse>();
    for (Map.Entry<String, Path> volume : new TreeMap<>(volumes.get()).entrySet()) {
      FileStore store = Files.getFileStore(volume.getValue());
      uses.add(new VolumeUse(volume.getKey(), store.getTotalSpace(), store.getUsableSpace()));
    }
    return uses;
  }
}
