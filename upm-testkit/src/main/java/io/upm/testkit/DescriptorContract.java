package io.upm.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.spi.EnginePlugin;
import io.upm.spi.engine.Account;
import io.upm.spi.engine.EngineDescriptor;
import io.upm.spi.engine.EngineSeries;
import io.upm.spi.engine.EngineVersion;
import io.upm.spi.engine.Mode;
import io.upm.spi.engine.Port;
import io.upm.spi.engine.Volume;
import io.upm.spi.topology.TopologyManager;
import java.lang.reflect.Modifier;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The plugin says what it is, completely and always the same. */
public interface DescriptorContract extends PluginUnderTest {
  @Test
  default void isMadeByAPublicConstructorWithoutArguments() throws NoSuchMethodException {
    Class<? extends EnginePlugin> type = plugin().getClass();

    assertThat(Modifier.isPublic(type.getModifiers())).as("%s is public", type).isTrue();
    assertThat(type.getConstructor()).isNotNull();
  }

  @Test
  default void describesItselfTheSameEveryTime() {
    EnginePlugin plugin = plugin();

    assertThat(plugin.descriptor()).isEqualTo(plugin.descriptor());
    assertThat(plugin.descriptor()).isEqualTo(plugin().descriptor());
  }

  @Test
  default void hasAnImageForEachSeries() {
    List<EngineSeries> all = plugin().descriptor().series();

    assertThat(all).as("series").isNotEmpty();
    EngineVersion before = null;
    for (EngineSeries series : all) {
      String image = series.imageOf(series.since());
      assertThat(image)
          .as("image of series %s", series.name())
          .doesNotContain("{", "}", " ")
          .contains(series.since().toString());
      if (before != null) {
        assertThat(series.since())
            .as("series %s begins where the one before it ended, or later", series.name())
            .isGreaterThanOrEqualTo(before);
      }
      before = series.until();
    }
    assertThat(versions())
        .as("versions to try")
        .isNotEmpty()
        .allMatch(plugin().descriptor()::serves);
  }

  @Test
  default void hasAPortForClientsAndAVolumeForData() {
    EngineDescriptor descriptor = plugin().descriptor();

    assertThat(descriptor.clientPort()).isNotNull();
    assertThat(descriptor.dataVolume().required()).as("the volume for data is required").isTrue();
    assertThat(descriptor.ports().stream().map(Port::name)).doesNotHaveDuplicates();
    assertThat(descriptor.ports().stream().map(Port::number)).doesNotHaveDuplicates();
    assertThat(descriptor.volumes().stream().map(Volume::name)).doesNotHaveDuplicates();
    assertThat(descriptor.userId()).as("user that is not root").isPositive();
    assertThat(descriptor.displayName()).isNotBlank();
  }

  @Test
  default void namesItsAccounts() {
    List<Account> accounts = plugin().descriptor().accounts();

    assertThat(accounts.stream().map(Account::purpose)).doesNotHaveDuplicates();
    assertThat(accounts.stream().map(Account::variable)).doesNotHaveDuplicates();
    assertThat(accounts)
        .allSatisfy(account -> {
          assertThat(account.variable()).matches("[A-Z][A-Z0-9_]*");
          assertThat(account.defaultUser()).isNotBlank();
          assertThat(account.description()).isNotBlank();
        });
  }

  @Test
  default void namesItsModesAndWhatManagesThem() {
    List<Mode> modes = plugin().descriptor().modes();
    List<String> kinds =
        plugin().topologies(Samples.runtimeContext()).stream()
            .map(TopologyManager::descriptor)
            .map(topology -> topology.kind())
            .toList();

    assertThat(modes.stream().map(Mode::name)).doesNotHaveDuplicates();
    assertThat(modes)
        .allSatisfy(mode -> {
          assertThat(mode.description()).isNotBlank();
          if (!mode.topologyKind().isEmpty()) {
            assertThat(kinds).as("kinds of the plugin").contains(mode.topologyKind());
          }
        });
  }
}
