package io.upm.agent.document;

import io.upm.agent.state.DurableFile;
import io.upm.host.document.InstanceDocument;
import io.upm.host.document.InstanceDocuments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the instance document with the highest revision that was ever accepted, across restarts of
 * Pod and agent. Safe for concurrent use.
 */
public final class DocumentStore {
  private static final Logger LOG = LoggerFactory.getLogger(DocumentStore.class);

  private final Path file;
  private volatile @Nullable InstanceDocument current;
  private volatile Runnable onChange = () -> {};

  /**
   * @param file where the document is kept
   */
  public DocumentStore(Path file) {
    this.file = file;
  }

  /** Called after each change, by whoever made it. */
  public void onChange(Runnable listener) {
    onChange = listener;
  }

  public Optional<InstanceDocument> current() {
    return Optional.ofNullable(current);
  }

  /** Revision that is held; 0 without a document. */
  public long revision() {
    InstanceDocument held = current;
    return held == null ? 0 : held.revision();
  }

  /**
   * Takes up the document that an earlier agent kept. One of another instance, as on a restored
   * volume, does not count.
   *
   * @param mounted what the Pod brings along, if anything
   */
  public synchronized void recover(Optional<Written> mounted) throws IOException {
    Optional<InstanceDocument> kept =
        kept()
            .filter(document ->
                mounted.map(other -> sameInstance(document, other.document())).orElse(true));
    kept.ifPresent(document -> current = document);
    if (mounted.isPresent()
        && (current == null || mounted.get().document().revision() > revision())) {
      keep(mounted.get());
    }
  }

  /**
   * Takes a document, which is on disk when this returns. The one that is held may be given again.
   *
   * @return revision that is held now
   * @throws StaleRevisionException when it is older than the one that is held
   * @throws IllegalArgumentException when it is of another instance
   */
  public long accept(Written written) throws IOException {
    InstanceDocument document = written.document();
    synchronized (this) {
      InstanceDocument held = current;
      if (held != null) {
        if (!sameInstance(held, document)) {
          throw new IllegalArgumentException(
              "the document is for unit %s, this is %s".formatted(name(document), name(held)));
        }
        if (document.revision() < held.revision()) {
          throw new StaleRevisionException(document.revision(), held.revision());
        }
        if (document.revision() == held.revision()) {
          return held.revision();
        }
      }
      keep(written);
    }
    onChange.run();
    return document.revision();
  }

  private void keep(Written written) throws IOException {
    DurableFile.write(file, written.text());
    InstanceDocument document = written.document();
    current = document;
    LOG.info("instance document {} of {}", document.revision(), name(document));
  }

  private Optional<InstanceDocument> kept() throws IOException {
    try {
      return Optional.of(InstanceDocuments.read(Files.readString(file)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      LOG.warn("{} is left aside: {}", file, e.getMessage());
      return Optional.empty();
    }
  }

  private static boolean sameInstance(InstanceDocument one, InstanceDocument other) {
    return name(one).equals(name(other));
  }

  private static String name(InstanceDocument document) {
    return document.identity().namespace() + "/" + document.identity().unit();
  }
}
