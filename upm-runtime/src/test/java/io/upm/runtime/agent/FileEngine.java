package io.upm.runtime.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.upm.host.plugin.PluginKey;
import io.upm.runtime.engine.BackupRemoval;
import io.upm.runtime.engine.DataCheck;
import io.upm.runtime.engine.Engine;
import io.upm.runtime.engine.Provision;
import io.upm.spi.Problem;
import io.upm.spi.action.ProvisionDescriptor.Subject;
import io.upm.spi.config.ConfigInput;
import io.upm.spi.config.ParameterCatalog;
import io.upm.spi.engine.EngineDescriptor;
import io.upm.spi.engine.EngineVersion;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An engine of which nothing but its file is asked. */
record FileEngine(PluginKey plugin, Path archive) implements Engine {
  @Override
  public EngineDescriptor descriptor() {
    throw new AssertionError("not asked here");
  }

  @Override
  public ParameterCatalog parameters(EngineVersion version) {
    throw new AssertionError("not asked here");
  }

  @Override
  public List<Problem> checkConfig(ConfigInput input) {
    throw new AssertionError("not asked here");
  }

  @Override
  public List<Problem> checkAction(String action, JsonNode parameters) {
    throw new AssertionError("not asked here");
  }

  @Override
  public Map<String, BackupRemoval> backups() {
    throw new AssertionError("not asked here");
  }

  @Override
  public Map<String, DataCheck> checks() {
    throw new AssertionError("not asked here");
  }

  @Override
  public Map<Subject, Provision> provisions() {
    throw new AssertionError("not asked here");
  }

  @Override
  public Map<String, Set<String>> restorers() {
    throw new AssertionError("not asked here");
  }

  @Override
  public String image(EngineVersion version) {
    throw new AssertionError("not asked here");
  }
}
