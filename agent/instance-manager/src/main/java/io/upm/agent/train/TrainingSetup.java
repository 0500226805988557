package io.upm.agent.train;

import io.upm.agent.process.LimitedProcessRunner;
import io.upm.host.document.InstanceDocument;
import io.upm.host.document.InstanceDocuments;
import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.PluginHost;
import io.upm.spi.EnginePlugin;
import io.upm.spi.engine.Account;
import io.upm.spi.engine.EngineDescriptor;
import io.upm.spi.engine.Port;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Lays out what a Pod mounts: certificates, passwords, instance documents. A process of its own:
 * what only others need must not get into the agent's cache, all of which is in the agent's memory
 * later.
 */
public final class TrainingSetup {
  /** The mounted document, for an engine that no plugin serves. */
  static final String MOUNTED = "instance.json";

  /** The next document, for the plugin's engine. */
  static final String WANTED = "wanted.json";

  static final String CERTIFICATES = "tls";

  private final Path directory;

  private TrainingSetup(Path directory) {
    this.directory = directory;
  }

  /**
   * Lays it out.
   *
   * @param arguments directory, and the zip of a plugin, if there is one
   */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    TrainingCertificate.make(directory, new LimitedProcessRunner())
        .writeTo(directory.resolve(CERTIFICATES));
    var setup = new TrainingSetup(directory);
    setup.write(MOUNTED, 1, EngineDescriptor.of("none", "None").build());
    if (arguments.length > 1) {
      PluginArchive archive = PluginArchive.read(Path.of(arguments[1]));
      try (var host = new PluginHost(directory.resolve("expanded"), EnginePlugin.SPI_VERSION)) {
        setup.write(WANTED, 2, host.load(archive).descriptor());
      }
    }
  }

  private void write(String name, long revision, EngineDescriptor engine) throws IOException {
    Path secret = Files.createDirectories(directory.resolve("secret"));
    for (Account account : engine.accounts()) {
      Files.writeString(secret.resolve(account.defaultUser()), "training");
    }
    boolean known = !engine.series().isEmpty();
    String data = known ? engine.dataVolume().name() : "data";
    var document =
        new InstanceDocument(
            revision,
            engine.engine(),
            known ? engine.series().getLast().since().toString() : "1",
            "",
            true,
            false,
            new InstanceDocument.Identity("training", "training", "training-0", 0, "localhost"),
            new InstanceDocument.Limits(1L << 30, 1000),
            Map.of(data, directory.resolve("data").toString()),
            Map.of(),
            engine.ports().stream().collect(Collectors.toMap(Port::name, Port::number)),
            List.of(new InstanceDocument.Peer("training-0", 0, "localhost")),
            Map.of(),
            secret.toString(),
            "",
            null);
    Files.writeString(directory.resolve(name), InstanceDocuments.write(document));
  }
}
