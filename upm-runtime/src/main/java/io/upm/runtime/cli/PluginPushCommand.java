package io.upm.runtime.cli;

import io.upm.host.plugin.PluginArchive;
import io.upm.runtime.plugin.PluginPush;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code upm plugin push}. */
@Command(
    name = "push",
    description = {
      "Puts a plugin's zip into a registry, and its signature if there is one beside it. It is an OCI"
          + " artifact, as oras push makes them."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE,
      "1:the zip isn't in order, or the registry can't be reached, or refuses",
      ExitCodes.WRONG_USE
    },
    footerHeading = "%nExample:%n",
    footer =
        "  upm plugin push my-engine-1.0.0-plugin.zip oci://registry.example.com/upm/my-engine")
final class PluginPushCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FILE", description = "The zip.")
  @SuppressWarnings("NullAway.Init") // required
  private Path file;

  @Parameters(
      index = "1",
      paramLabel = "TARGET",
      description = "oci://registry/repository, and a :tag if it isn't to be the version.")
  @SuppressWarnings("NullAway.Init") // required
  private String target;

  @Mixin private final DockerConfig dockerConfig = new DockerConfig();

  @Option(
      names = "--authorities",
      paramLabel = "FILE",
      description = "Certificates, in PEM, that are trusted beside those that Java trusts.")
  private @Nullable Path authorities;

  @Option(names = "--plain-http", description = "Asks the registry without TLS.")
  private boolean plainHttp;

  @Override
  public Integer call() throws InterruptedException {
    PluginArchive archive = ArchiveText.read(file);
    Path signature = PluginSignCommand.beside(file);
    List<Path> files =
        Stream.of(file, signature).filter(one -> one == file || Files.exists(one)).toList();
    try {
      var to = new PluginPush.Target(target, dockerConfig.read(), plainHttp, trusted());
      String pushed = PluginPush.push(to, archive.key().version(), files);
      PrintWriter out = spec.commandLine().getOut();
      out.printf("pushed    %s%n", pushed);
      ArchiveText.lines(archive).forEach(out::println);
      out.printf("signed    %s%n", files.size() > 1 ? "yes" : "no");
      out.flush();
      return ExitCodes.OK;
    } catch (IllegalArgumentException e) {
      throw new CliException(
          ExitCodes.USAGE, "\"%s\": what can be given is %s".formatted(target, e.getMessage()));
    } catch (IOException e) {
      throw new CliException(ExitCodes.TROUBLE, String.valueOf(e.getMessage()));
    }
  }

  private List<Certificate> trusted() throws IOException {
    if (authorities == null) {
      return List.of();
    }
    try (InputStream in = Files.newInputStream(authorities)) {
      return List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
    } catch (CertificateException e) {
      throw new CliException(
          ExitCodes.USAGE, "--authorities: %s holds no certificates".formatted(authorities));
    }
  }
}
