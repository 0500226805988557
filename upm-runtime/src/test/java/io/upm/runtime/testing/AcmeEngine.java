package io.upm.runtime.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.upm.host.plugin.PluginKey;
import io.upm.runtime.engine.BackupRemoval;
import io.upm.runtime.engine.DataCheck;
import io.upm.runtime.engine.Engine;
import io.upm.runtime.engine.EngineRegistry;
import io.upm.runtime.engine.Provision;
import io.upm.spi.Problem;
import io.upm.spi.action.ProvisionDescriptor.Subject;
import io.upm.spi.config.ConfigInput;
import io.upm.spi.config.Impact;
import io.upm.spi.config.Parameter;
import io.upm.spi.config.Parameter.Range;
import io.upm.spi.config.ParameterCatalog;
import io.upm.spi.config.ParameterType;
import io.upm.spi.engine.Account;
import io.upm.spi.engine.EngineDescriptor;
import io.upm.spi.engine.EngineSeries;
import io.upm.spi.engine.EngineVersion;
import io.upm.spi.engine.Limits;
import io.upm.spi.engine.Mode;
import io.upm.spi.engine.Port;
import io.upm.spi.engine.Volume;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Serves ACME 1.x and 2.x; its plugin, image and least memory can be changed. */
public final class AcmeEngine implements Engine, EngineRegistry {
  private static final List<String> ACTIONS = List.of("copy", "inspect", "polish", "shred");
  private static final List<String> PROVISIONS = List.of("dismiss", "invite", "shelve", "unshelve");

  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean installed = true;
  private volatile String pluginVersion = "1.0.0";
  private volatile String imagePrefix = "acme:";
  private volatile long renderFloorMiB = 512;

  public AcmeEngine pluginVersion(String value) {
    pluginVersion = value;
    return this;
  }

  public AcmeEngine imagePrefix(String value) {
    imagePrefix = value;
    return this;
  }

  public AcmeEngine renderFloorMiB(long value) {
    renderFloorMiB = value;
    return this;
  }

  public AcmeEngine installed(boolean value) {
    installed = value;
    listeners.forEach(listener -> listener.accept("acme"));
    return this;
  }

  @Override
  public PluginKey plugin() {
    return new PluginKey("acme", pluginVersion, "ab".repeat(32));
  }

  @Override
  public Path archive() {
    return Path.of("/nowhere/acme.zip");
  }

  @Override
  public EngineDescriptor descriptor() {
    return EngineDescriptor.of("acme", "ACME")
        .series(EngineSeries.of("1.x", "1.0", "2.0", "acme:{version}"))
        .series(EngineSeries.of("2.x", "2.0", "3.0", "acme:{version}"))
        .port(new Port("acme", 7000, true))
        .port(new Port("peer", 7001, false))
        .volume(new Volume("data", Volume.Purpose.DATA, true))
        .volume(new Volume("log", Volume.Purpose.LOG, false))
        .account(new Account("admin", "ADM_USER", "root", true, "administrates"))
        .account(new Account("replication", "REPL_USER", "replication", true, "replicates"))
        .account(new Account("monitor", "MON_USER", "monitor", false, "monitors"))
        .mode(new Mode("single", 1, "", "one unit on its own"))
        .mode(new Mode("pair", 2, "AcmePair", "a source and replicas"))
        .mode(new Mode("quorum", 3, "AcmeQuorum", "a majority"))
        .userId(1999)
        .minimum(new Limits(256L << 20, 100))
        .build();
  }

  @Override
  public ParameterCatalog parameters(EngineVersion version) {
    return ParameterCatalog.of(
        List.of(
            Parameter.named("max_links", ParameterType.INTEGER)
                .range(Range.between(1, 1000))
                .impact(Impact.DYNAMIC)
                .describe("most links"),
            Parameter.named("buffer", ParameterType.SIZE)
                .range(Range.between(1 << 20, 1L << 40))
                .describe("buffer"),
            Parameter.named("verbose", ParameterType.BOOLEAN).describe("says more"),
            Parameter.named("checks", ParameterType.ENUMERATION)
                .range(Range.oneOf("OFF", "ON", "STRICT"))
                .describe("how much is checked")));
  }

  @Override
  public List<Problem> checkConfig(ConfigInput input) {
    long memory = input.instance().limits().memoryMiB();
    return memory == 0 || memory >= renderFloorMiB
        ? List.of()
        : List.of(
            new Problem(
                "spec.resources.limits.memory",
                memory + "Mi",
                "at least " + renderFloorMiB + "Mi for this configuration"));
  }

  @Override
  public List<Problem> checkAction(String action, JsonNode parameters) {
    return ACTIONS.contains(action) || PROVISIONS.contains(action)
        ? List.of()
        : List.of(new Problem("spec.action", action, "one of " + String.join(", ", ACTIONS)));
  }

  @Override
  public Map<String, BackupRemoval> backups() {
    return Map.of("copy", new BackupRemoval("shred", Set.of("source", "shelf")));
  }

  @Override
  public Map<String, DataCheck> checks() {
    return Map.of("copy", new DataCheck("inspect", Set.of("page")));
  }

  @Override
  public Map<Subject, Provision> provisions() {
    return Map.of(
        Subject.DATABASE, new Provision("shelve", "unshelve"),
        Subject.USER, new Provision("invite", "dismiss"));
  }

  @Override
  public Map<String, Set<String>> restorers() {
    return Map.of("polish", Set.of("source", "shelf", "until"));
  }

  @Override
  public String image(EngineVersion version) {
    return imagePrefix + version;
  }

  @Override
  public Optional<Engine> find(String type) {
    return installed && type.equals("acme") ? Optional.of(this) : Optional.empty();
  }

  @Override
  public List<Engine> all() {
    return installed ? List.of(this) : List.of();
  }

  @Override
  public void onChange(Consumer<String> listener) {
    listeners.add(listener);
  }
}
