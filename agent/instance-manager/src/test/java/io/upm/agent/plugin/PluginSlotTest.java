package io.upm.agent.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.upm.agent.container.PluginZip;
import io.upm.host.plugin.LoadedPlugin;
import io.upm.host.plugin.PluginHost;
import io.upm.host.plugin.PluginPhase;
import io.upm.spi.EnginePlugin;
import io.upm.spi.instance.Accounts;
import io.upm.spi.instance.AgentContext;
import io.upm.spi.instance.ProcessRunner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginSlotTest {
  @TempDir private Path directory;

  private PluginStore store;
  private PluginHost host;
  private PluginSlot slot;

  @BeforeEach
  void open() throws IOException {
    store = new PluginStore(directory.resolve("plugins"));
    store.open();
    host = new PluginHost(directory.resolve("expanded"), EnginePlugin.SPI_VERSION);
    slot = new PluginSlot(store, host, new NoContext());
  }

  private PluginZip keep(String version) throws IOException {
    PluginZip zip = PluginZip.of(directory, version);
    try (PluginIntake intake = store.receive(zip.key())) {
      intake.write(ByteBuffer.wrap(Files.readAllBytes(zip.path())));
      intake.complete();
    }
    return zip;
  }

  @Test
  void whatRunsFinishesOnTheOldVersionAndWhatBeginsRunsOnTheNew() throws Exception {
    PluginZip first = keep("1.0.0");
    PluginZip second = keep("1.1.0");
    slot.activate(first.key());
    LoadedPlugin old = slot.active().orElseThrow().plugin();
    var inside = new CountDownLatch(1);
    var over = new CountDownLatch(1);
    var outcome = new AtomicReference<String>("none");
    Thread action =
        Thread.ofVirtual()
            .start(() ->
                outcome.set(
                    old.call(
                        "backup",
                        plugin -> {
                          inside.countDown();
                          over.await();
                          return plugin.descriptor().engine() + " was backed up";
                        })));
    inside.await();

    slot.activate(second.key());

    LoadedPlugin now = slot.active().orElseThrow().plugin();
    assertThat(now.key()).isEqualTo(second.key());
    String next = now.call("backup", plugin -> plugin.descriptor().engine());
    assertThat(next).isEqualTo("testengine");
    assertThat(old.phase()).isEqualTo(PluginPhase.DRAINING);
    assertThat(old.running()).containsExactly("backup");

    over.countDown();
    action.join();
    assertThat(outcome).hasValue("testengine was backed up");
    await().until(() -> old.phase() == PluginPhase.UNLOADED);
    assertThat(now.phase()).isEqualTo(PluginPhase.ACTIVE);
  }

  @Test
  void theVersionInUseIsFoundAgainOnTheDataVolumeWhateverIsWanted() throws Exception {
    PluginZip first = keep("1.0.0");
    PluginZip second = keep("1.1.0");
    slot.activate(second.key());
    host.close();

    open();
    slot.recover(Optional.of(first.key()));

    assertThat(slot.active().orElseThrow().key()).isEqualTo(second.key());
  }

  /** The test plugin makes a life cycle of it, and doesn't use that. */
  private static final class NoContext implements AgentContext {
    @Override
    public ProcessRunner processes() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Accounts accounts() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Clock clock() {
      return Clock.systemUTC();
    }
  }
}
