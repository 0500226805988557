package io.upm.example.etcd;

import io.upm.spi.PluginException;
import io.upm.spi.instance.Instance;
import module java.base;

/**
 * Where a member keeps what, all on its data volume.
 *
 * @param data etcd's own folder
 * @param cluster says that the volume is initialised, and which cluster it belongs to
 * @param snapshots what {@link EtcdSnapshots} makes
 */
record EtcdFiles(Path data, Path cluster, Path snapshots) {
  static EtcdFiles of(Instance instance) {
    Path volume = instance.layout().data();
    return new EtcdFiles(volume.resolve("etcd"), volume.resolve("cluster"), volume.resolve("snapshots"));
  }

  static int clientPort(Instance instance) {
    return instance.ports().getOrDefault(EtcdPlugin.CLIENT.name(), EtcdPlugin.CLIENT.number());
  }

  static String peerUrl(String host) {
    return "http://" + host + ":" + EtcdPlugin.PEER.number();
  }

  /** As etcd itself finds out whether it is to look at the flags for its first start. */
  boolean hasData() {
    return Files.isDirectory(data.resolve("member").resolve("wal"));
  }

  List<String> lines(Path file) {
    return Files.exists(file) ? doing("read " + file, () -> Files.readAllLines(file)) : List.of();
  }

  /** In one rename, so that it is there as a whole or not at all. */
  void belongsTo(String text) {
    Path draft = cluster.resolveSibling("cluster.new");
    doing("write " + cluster, () -> Files.move(Files.writeString(draft, text), cluster, StandardCopyOption.REPLACE_EXISTING));
  }

  /** Data that isn't used any more lies beside the present ones until the next is put there. */
  void putAside() {
    Path former = data.resolveSibling("etcd.former");
    remove(former);
    doing("put data aside", () -> Files.exists(data) ? Files.move(data, former) : data);
  }

  static void remove(Path folder) {
    doing("remove " + folder, () -> {
      try (Stream<Path> all = Files.exists(folder) ? Files.walk(folder) : Stream.empty()) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
      return folder;
    });
  }

  /** Something with files. */
  interface Work<T> {
    T run() throws IOException;
  }

  static <T> T doing(String what, Work<T> work) {
    try {
      return work.run();
    } catch (IOException e) {
      throw PluginException.retryable("can't %s: %s".formatted(what, e), e);
    }
  }
}
