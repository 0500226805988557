package io.upm.agent.container;

import io.upm.agent.protocol.v1.InstanceReport;
import io.upm.agent.protocol.v1.ProcessState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A container with a mounted document and Secret, and a runtime that watches it. */
public final class Pod implements AutoCloseable {
  private final Path directory;
  private final Authority authority = new Authority("authority");
  private final Container container;
  private final Caller runtime;

  /** Nothing runs yet. */
  public Pod() throws IOException {
    directory = Files.createTempDirectory("agent");
    container = new Container(directory, authority);
    container.mount(container.document(1, true, Map.of()));
    container.password("root", "secret");
    runtime = container.runtime().watch();
  }

  /** With an engine that is ready. */
  public static Pod ready() throws Exception {
    return ready(Map.of());
  }

  /** With an engine that is ready and has these parameters. */
  public static Pod ready(Map<String, String> parameters) throws Exception {
    var pod = new Pod();
    pod.container.mount(pod.container.document(1, true, parameters));
    pod.container.start();
    pod.runtime.pushAndActivate(pod.plugin("1.0.0"));
    pod.awaitReady();
    return pod;
  }

  public Path directory() {
    return directory;
  }

  public Authority authority() {
    return authority;
  }

  public Container container() {
    return container;
  }

  public Caller runtime() {
    return runtime;
  }

  public PluginZip plugin(String version) {
    return PluginZip.of(directory, version);
  }

  public InstanceReport awaitReady() {
    return runtime.report("the engine is ready", Pod::isReady);
  }

  public static boolean isReady(InstanceReport report) {
    return report.getProcess() == ProcessState.RUNNING && report.getHealth().getReady();
  }

  public InstanceReport await(ProcessState state) {
    return runtime.report("the engine is " + state.name(), report -> report.getProcess() == state);
  }

  /** Ends a process at once, and waits until it has no more than a zombie left. */
  public static void kill(ProcessHandle process) {
    process.destroyForcibly();
    Awaitility.await("end of process " + process.pid())
        .atMost(Duration.ofSeconds(60))
        .until(() -> !process.isAlive());
  }

  @Override
  public void close() throws Exception {
    container.close();
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(directory)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : deepestFirst) {
      Files.deleteIfExists(each);
    }
  }
}
