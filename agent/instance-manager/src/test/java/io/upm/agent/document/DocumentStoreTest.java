package io.upm.agent.document;

import static io.upm.agent.document.DocumentsForTests.document;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.upm.host.document.InstanceDocument;
import io.upm.host.document.InstanceDocuments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentStoreTest {
  @TempDir private Path directory;

  @Test
  void holdsTheNewestAndRefusesOlderOnes() throws IOException {
    var changes = new AtomicInteger();
    DocumentStore store = recovered(Optional.empty());
    store.onChange(changes::incrementAndGet);
    assertThat(store.accept(written(2, "demo-0"))).isEqualTo(2);
    assertThat(store.accept(written(2, "demo-0"))).isEqualTo(2);
    assertThatThrownBy(() -> store.accept(written(1, "demo-0")))
        .isInstanceOf(StaleRevisionException.class);
    assertThat(store.revision()).isEqualTo(2);
    assertThat(changes).hasValue(1);
  }

  @Test
  void highestRevisionWinsAtTheStart() throws IOException {
    recovered(Optional.empty()).accept(written(5, "demo-0"));
    assertThat(recovered(Optional.of(written(4, "demo-0"))).revision()).isEqualTo(5);
    assertThat(recovered(Optional.of(written(6, "demo-0"))).revision()).isEqualTo(6);
    assertThat(recovered(Optional.empty()).revision()).isEqualTo(6);
  }

  @Test
  void documentOfAnotherInstanceOnARestoredVolumeDoesNotCount() throws IOException {
    recovered(Optional.empty()).accept(written(5, "other-0"));
    DocumentStore store = recovered(Optional.of(written(1, "demo-0")));
    assertThat(store.current()).map(InstanceDocument::revision).contains(1L);
    assertThatThrownBy(() -> store.accept(written(9, "other-0")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the document is for unit space/other-0, this is space/demo-0");
  }

  @Test
  void damagedFileIsLeftAside() throws IOException {
    Files.writeString(file(), "{\"revision\":");
    assertThat(recovered(Optional.empty()).current()).isEmpty();
    assertThat(recovered(Optional.of(written(3, "demo-0"))).revision()).isEqualTo(3);
  }

  @Test
  void mountedDocumentIsOfferedOncePerChange() throws IOException {
    Path mount = directory.resolve("mounted.json");
    var mounted = new MountedDocument(mount);
    assertThat(mounted.read()).isEmpty();
    DocumentStore store = recovered(Optional.empty());
    mounted.offerIfChanged(store);
    Files.writeString(mount, InstanceDocuments.write(document(2, "demo-0")));
    mounted.offerIfChanged(store);
    assertThat(store.revision()).isEqualTo(2);
    store.accept(written(4, "demo-0"));
    Files.writeString(mount, InstanceDocuments.write(document(3, "demo-0")));
    mounted.offerIfChanged(store);
    Files.writeString(mount, "rubbish");
    mounted.offerIfChanged(store);
    assertThat(store.revision()).isEqualTo(4);
  }

  private DocumentStore recovered(Optional<Written> mounted) throws IOException {
    var store = new DocumentStore(file());
    store.recover(mounted);
    return store;
  }

  private static Written written(long revision, String unit) {
    return Written.read(InstanceDocuments.write(document(revision, unit)));
  }

  private Path file() {
    return directory.resolve("instance.json");
  }
}
