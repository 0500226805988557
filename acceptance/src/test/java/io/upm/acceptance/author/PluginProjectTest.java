package io.upm.acceptance.author;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.upm.host.plugin.PluginArchive;
import io.upm.host.plugin.TckReport.Capability;
import io.upm.runtime.cli.UpmCli;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * The project that {@code upm plugin init} makes is built outside of this one, offline, against
 * UPM's artifacts in a local repository, and passes the TCK without an edit.
 */
class PluginProjectTest {
  private static final Pattern UPM_VERSION = Pattern.compile("<upm.version>(.+)</upm.version>");

  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void buildsAndPassesTheTckAsItIs() throws IOException {
    Path project = directory.resolve("my-engine");
    run("init", "my-engine", "--directory", project.toString());
    Matcher version = UPM_VERSION.matcher(Files.readString(project.resolve("pom.xml")));
    assertThat(version.find()).isTrue();
    assumeTrue(LocalRepository.isBuilt(version.group(1)), "UPM's jars are made by mvn package");
    Path repository = LocalRepository.make(directory.resolve("repository"), version.group(1));
    Path config = project.resolve(".mvn").resolve("maven.config");
    Files.createDirectories(Objects.requireNonNull(config.getParent()));
    Files.writeString(config, "-Dmaven.repo.local=%s\n".formatted(repository));

    run("build", project.toString(), "--offline");

    assertThat(out.toString()).contains("TCK       config, life cycle proven by ");
    Path zip = project.resolve("target").resolve("my-engine-1.0.0-plugin.zip");
    PluginArchive archive = PluginArchive.read(zip);
    assertThat(archive.key().id()).isEqualTo("my-engine");
    assertThat(archive.tck().report().orElseThrow().passed().keySet())
        .containsExactlyInAnyOrder(Capability.CONFIG, Capability.LIFECYCLE);
    assertThat(project.resolve("target").resolve("failsafe-reports")).isNotEmptyDirectory();
  }

  private void run(String... arguments) {
    CommandLine tool = UpmCli.commandLine();
    tool.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    var words = new String[arguments.length + 1];
    words[0] = "plugin";
    System.arraycopy(arguments, 0, words, 1, arguments.length);
    assertThat(tool.execute(words)).as(err.toString()).isZero();
  }
}
