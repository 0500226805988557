package io.upm.spi.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What an engine is, as data. Made with {@link #of(String, String)}; components may be added in a
 * minor version, so plugins never call the constructor of the record itself.
 *
 * @param engine value of {@code spec.type}, such as {@code mysql}; also the engine container's name
 * @param displayName such as {@code MySQL}
 * @param series versions served, oldest first
 * @param ports ports, the one for clients first
 * @param volumes directories written to
 * @param accounts accounts that UPM creates and uses
 * @param modes ways to run several instances together; the first is the default
 * @param userId numeric user and group that the engine's official image runs as
 * @param minimum least resources that the configuration can be sized for
 */
public record EngineDescriptor(
    String engine,
    String displayName,
    List<EngineSeries> series,
    List<Port> ports,
    List<Volume> volumes,
    List<Account> accounts,
    List<Mode> modes,
    int userId,
    Limits minimum) {

  public EngineDescriptor {
    if (!engine.matches("[a-z][a-z0-9-]{0,30}")) {
      throw new IllegalArgumentException("engine name " + engine);
    }
    Objects.requireNonNull(displayName, "displayName");
    series = List.copyOf(series);
    ports = List.copyOf(ports);
    volumes = List.copyOf(volumes);
    accounts = List.copyOf(accounts);
    modes = List.copyOf(modes);
    Objects.requireNonNull(minimum, "minimum");
  }

  public static Builder of(String engine, String displayName) {
    return new Builder(engine, displayName);
  }

  public Optional<EngineSeries> seriesOf(EngineVersion version) {
    return series.stream().filter(candidate -> candidate.serves(version)).findFirst();
  }

  public boolean serves(EngineVersion version) {
    return seriesOf(version).isPresent();
  }

  public Optional<Mode> mode(String name) {
    return modes.stream().filter(mode -> mode.name().equals(name)).findFirst();
  }

  public Optional<Account> account(String purpose) {
    return accounts.stream().filter(account -> account.purpose().equals(purpose)).findFirst();
  }

  /** The volume that holds the data; the agent keeps its own state there too. */
  public Volume dataVolume() {
    return volumes.stream()
        .filter(volume -> volume.purpose() == Volume.Purpose.DATA)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(engine + " declares no volume for data"));
  }

  /** Port that applications connect to. */
  public Port clientPort() {
    return ports.stream()
        .filter(Port::client)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(engine + " declares no port for clients"));
  }

  /** Collects the parts of a descriptor. */
  public static final class Builder {
    private final String engine;
    private final String displayName;
    private final List<EngineSeries> series = new ArrayList<>();
    private final List<Port> ports = new ArrayList<>();
    private final List<Volume> volumes = new ArrayList<>();
    private final List<Account> accounts = new ArrayList<>();
    private final List<Mode> modes = new ArrayList<>();
    private int userId = 999;
    private Limits minimum = Limits.NONE;

    private Builder(String engine, String displayName) {
      this.engine = engine;
      this.displayName = displayName;
    }

    public Builder series(EngineSeries value) {
      series.add(value);
      return this;
    }

    public Builder port(Port value) {
      ports.add(value);
      return this;
    }

    public Builder volume(Volume value) {
      volumes.add(value);
      return this;
    }

    public Builder account(Account value) {
      accounts.add(value);
      return this;
    }

    public Builder mode(Mode value) {
      modes.add(value);
      return this;
    }

    public Builder userId(int value) {
      userId = value;
      return this;
    }

    public Builder minimum(Limits value) {
      minimum = value;
      return this;
    }

    public EngineDescriptor build() {
      return new EngineDescriptor(
          engine, displayName, series, ports, volumes, accounts, modes, userId, minimum);
    }
  }
}
