package io.upm.example.etcd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.upm.spi.PluginException;
import io.upm.spi.action.*;
import io.upm.spi.action.ActionDescriptor.Engine;
import io.upm.spi.instance.*;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import module java.base;

/** All that etcd holds, in one file on the data volume, and back. */
record EtcdSnapshots(
    ActionDescriptor<Snapshot> descriptor, BiFunction<ActionContext, Path, ActionResult> work)
    implements AgentAction<EtcdSnapshots.Snapshot> {

  /** Parameters of both actions. */
  record Snapshot(
      @JsonPropertyDescription("Name of the snapshot.") @NotNull @Pattern(regexp = "[a-z0-9][a-z0-9-]{0,62}")
          String name) {}

  /** Copies what this member holds. */
  static final EtcdSnapshots SAVE = action("snapshot", false, Engine.RUNNING, EtcdSnapshots::save);

  /** Puts a snapshot in place of the data. With the same one on every unit, it gives a new cluster of them all. */
  static final EtcdSnapshots RESTORE = action("restore", true, Engine.STOPPED, EtcdSnapshots::restore);

  private static EtcdSnapshots action(
      String name, boolean destructive, Engine engine, BiFunction<ActionContext, Path, ActionResult> work) {
    return new EtcdSnapshots(new ActionDescriptor<>(name, Snapshot.class, destructive, engine, false), work);
  }

  @Override
  public ActionResult run(Snapshot wanted, ActionContext context) {
    return work.apply(context, EtcdFiles.of(context.instance()).snapshots().resolve(wanted.name() + ".db"));
  }

  private static ActionResult save(ActionContext context, Path file) {
    EtcdFiles.doing("make " + file.getParent(), () -> Files.createDirectories(file.getParent()));
    String endpoint = "--endpoints=http://%s:%d".formatted(context.instance().identity().host(), EtcdFiles.clientPort(context.instance()));
    run(context, "etcdctl", endpoint, "snapshot", "save", file.toString());
    return new ActionResult("saved " + file, Map.of("file", file.toString()));
  }

  private static ActionResult restore(ActionContext context, Path file) {
    Instance instance = context.instance();
    EtcdFiles files = EtcdFiles.of(instance);
    Path restored = files.data().resolveSibling("etcd.restored");
    EtcdFiles.remove(restored);
    run(context, "etcdutl", "snapshot", "restore", file.toString(),
        "--data-dir=" + restored,
        "--name=" + instance.identity().unit(),
        "--initial-advertise-peer-urls=" + EtcdFiles.peerUrl(instance.identity().host()),
        "--initial-cluster-token=" + instance.identity().set() + "-" + file.getFileName(),
        "--initial-cluster=" + instance.peers().stream()
            .map(peer -> peer.unit() + "=" + EtcdFiles.peerUrl(peer.host()))
            .collect(Collectors.joining(",")));
    files.putAside();
    EtcdFiles.doing("put the snapshot in place", () -> Files.move(restored, files.data()));
    files.belongsTo("restored");
    return new ActionResult("restored " + file, Map.of());
  }

  private static void run(ActionContext context, String... command) {
    var process = new ProcessSpec(List.of(command), Map.of(), context.instance().layout().data());
    ProcessRunner.Result result = context.processes().run(process, new byte[0], Duration.ofMinutes(30));
    if (!result.succeeded()) {
      throw PluginException.retryable(command[0] + " failed: " + result.output().strip(), null);
    }
  }
}
