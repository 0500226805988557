package io.upm.agent.document;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The document in the Pod's ConfigMap, which Kubernetes updates while it is mounted. */
public final class MountedDocument {
  private static final Logger LOG = LoggerFactory.getLogger(MountedDocument.class);

  private final Path file;
  private String seen = "";

  public MountedDocument(Path file) {
    this.file = file;
  }

  /** The document as it is; empty when there is none or it can't be read. */
  public Optional<Written> read() {
    try {
      seen = Files.readString(file);
      return Optional.of(Written.read(seen));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("{} is left aside: {}", file, e.getMessage());
      return Optional.empty();
    }
  }

  /** Hands the document to the store if its text changed since it was read last. */
  public void offerIfChanged(DocumentStore store) {
    try {
      if (!Files.exists(file) || Files.readString(file).equals(seen)) {
        return;
      }
      Optional<Written> document = read();
      if (document.isPresent()) {
        store.accept(document.get());
      }
    } catch (StaleRevisionException e) {
      LOG.debug("mounted document: {}", e.getMessage());
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("mounted document: {}", e.getMessage());
    }
  }
}
