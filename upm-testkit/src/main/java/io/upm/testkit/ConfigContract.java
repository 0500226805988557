package io.upm.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.upm.spi.Problem;
import io.upm.spi.config.ConfigFile;
import io.upm.spi.config.ConfigInput;
import io.upm.spi.config.ConfigRenderer;
import io.upm.spi.config.Parameter;
import io.upm.spi.config.ParameterCatalog;
import io.upm.spi.engine.EngineDescriptor;
import io.upm.spi.engine.EngineVersion;
import io.upm.spi.engine.Limits;
import io.upm.spi.engine.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Parameters are consistent, and rendering is pure and takes whatever the catalogue allows. */
public interface ConfigContract extends PluginUnderTest {
  @TestFactory
  default Stream<DynamicTest> parametersAreConsistent() {
    return versions().stream()
        .map(version ->
            DynamicTest.dynamicTest(
                version.toString(),
                () -> {
                  List<Parameter> all = plugin().parameters(version).all();

                  assertThat(plugin().parameters(version).all()).isEqualTo(all);
                  assertThat(all).allSatisfy(one -> ParameterRules.check(one, version));
                }));
  }

  @TestFactory
  default Stream<DynamicTest> everyModeRendersAtEverySize() {
    return situations()
        .map(situation ->
            DynamicTest.dynamicTest(
                situation.toString(),
                () -> {
                  for (int ordinal = 0; ordinal < 2; ordinal++) {
                    assertRenders(situation.input(this, ordinal, Map.of()));
                  }
                }));
  }

  @TestFactory
  default Stream<DynamicTest> everyParameterCanBeSetToItsBounds() {
    return versions().stream()
        .map(version ->
            DynamicTest.dynamicTest(version.toString(), () -> setEachToItsBounds(usual(version))));
  }

  @TestFactory
  default Stream<DynamicTest> tooLittleMemoryIsAProblem() {
    Limits least = plugin().descriptor().minimum();
    var less = new Limits(least.memoryBytes() / 4, least.cpuMillis());
    return versions().stream()
        .filter(version -> less.memoryBytes() > 0)
        .map(version ->
            DynamicTest.dynamicTest(
                version.toString(),
                () -> {
                  ConfigInput input =
                      new Situation(version, modes().getFirst(), less).input(this, 0, Map.of());

                  List<Problem> problems = plugin().config().check(input);

                  assertThat(problems).as("problems with %s", less).isNotEmpty();
                }));
  }

  private void setEachToItsBounds(Situation situation) {
    ParameterCatalog catalog = plugin().parameters(situation.version);
    ConfigRenderer renderer = plugin().config();
    for (Parameter parameter : catalog.all()) {
      for (String value : ParameterRules.bounds(parameter)) {
        Map<String, String> values = Map.of(parameter.name(), value);
        assertThat(catalog.check(values)).as("%s=%s", parameter.name(), value).isEmpty();
        ConfigInput input = situation.input(this, 0, values);
        if (renderer.check(input).isEmpty()) {
          assertThat(renderer.render(input))
              .as("rendered with %s=%s", parameter.name(), value)
              .isEqualTo(plugin().config().render(input))
              .anySatisfy(file -> assertThat(file.content()).contains(parameter.name()));
        }
      }
    }
  }

  private void assertRenders(ConfigInput input) {
    ConfigRenderer renderer = plugin().config();

    assertThat(renderer.check(input)).as("problems").isEmpty();
    List<ConfigFile> files = renderer.render(input);

    assertThat(files).as("files").isNotEmpty();
    assertThat(files.stream().map(ConfigFile::path)).doesNotHaveDuplicates();
    assertThat(files).allSatisfy(file -> assertThat(file.content()).isNotBlank());
    assertThat(elsewhere(input)).as("rendered again, in another place and time").isEqualTo(files);
  }

  /** What another instance renders where numbers, letters and days are written differently. */
  private List<ConfigFile> elsewhere(ConfigInput input) {
    Locale locale = Locale.getDefault();
    TimeZone zone = TimeZone.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
      return plugin().config().render(input);
    } finally {
      Locale.setDefault(locale);
      TimeZone.setDefault(zone);
    }
  }

  private Stream<Situation> situations() {
    var situations = new ArrayList<Situation>();
    for (EngineVersion version : versions()) {
      for (Mode mode : modes()) {
        for (Limits limits : Samples.sizes(plugin().descriptor())) {
          situations.add(new Situation(version, mode, limits));
        }
      }
    }
    return situations.stream();
  }

  private Situation usual(EngineVersion version) {
    return new Situation(version, modes().getFirst(), new Limits(64L << 30, 8000));
  }

  private List<Mode> modes() {
    List<Mode> modes = plugin().descriptor().modes();
    return Stream.concat(modes.stream(), Stream.of(Samples.standalone())).toList();
  }

  /** What a configuration is rendered for. */
  record Situation(EngineVersion version, Mode mode, Limits limits) {
    ConfigInput input(PluginUnderTest subject, int ordinal, Map<String, String> parameters) {
      EngineDescriptor descriptor = subject.plugin().descriptor();
      var place = Samples.Place.nowhere(ordinal, subject.settings());
      return new ConfigInput(
          Samples.instance(descriptor, version, mode, limits, place), parameters);
    }

    @Override
    public String toString() {
      return "%s %s, %s"
          .formatted(version, mode.name().isEmpty() ? "without a mode" : mode.name(), limits);
    }
  }
}
