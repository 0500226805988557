package io.upm.runtime.plugin;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.upm.runtime.engine.PluginTrial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Fetches exactly the plugins that a file names, and leaves them as a folder, as an OCI layout, and
 * as a lock: which versions, from where, with which digests. The same plugins give the same bytes,
 * whenever and wherever that is done. No plugin's code is run.
 */
public final class Assembler {
  /** Name of the lock in an assembly. */
  public static final String LOCK = "upm.lock";

  private static final JsonMapper JSON = new JsonMapper();
  private static final int LOCK_VERSION = 1;

  private final String dockerConfig;
  private final InstantSource clock;

  /**
   * @param dockerConfig text of a Docker configuration file with what registries and web servers
   *     ask for; {@code {}} for none
   */
  public Assembler(String dockerConfig, InstantSource clock) {
    this.dockerConfig = dockerConfig;
    this.clock = clock;
  }

  /**
   * A plugin of an assembly.
   *
   * @param source where runtimes get it from
   * @param digest SHA-256, as {@code sha256:…}
   * @param signedBy name of the trusted key that its signature is of; empty for none
   */
  public record Assembled(
      String id, String version, String source, String digest, long bytes, String signedBy) {}

  /** What can't be assembled. The message is one sentence that says why. */
  public static final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    Failure(String sentence) {
      super(sentence);
    }
  }

  private record Locked(
      @JsonProperty("id") String id,
      @JsonProperty("version") String version,
      @JsonProperty("source") String source,
      @JsonProperty("digest") String digest,
      @JsonProperty("bytes") long bytes,
      @JsonProperty("signedBy") @Nullable String signedBy) {}

  private record Lock(
      @JsonProperty("lockVersion") int lockVersion,
      @JsonProperty("plugins") List<Locked> plugins) {}

  /**
   * Assembles.
   *
   * @param file text of {@code upm.yaml}
   * @param locked text of an earlier lock, whose digests are the only ones that are taken
   * @param out a folder that isn't there, is empty, or holds an earlier assembly, which is replaced
   *     as a whole when all is well
   */
  public List<Assembled> assemble(String file, Optional<String> locked, Path out)
      throws Failure, InterruptedException {
    AssemblyFile wanted = parse(file);
    Map<String, String> digests = digests(locked);
    Path place = out.toAbsolutePath().normalize();
    checkReplaceable(place);
    try {
      Path parent = Files.createDirectories(place.resolveSibling("").normalize());
      Path draft = Files.createTempDirectory(parent, ".upm-assembly-");
      try {
        List<Assembled> assembled = fill(wanted, digests, draft);
        replace(place, draft.resolve("assembly"));
        return assembled;
      } finally {
        delete(draft);
      }
    } catch (IOException e) {
      throw new Failure("the assembly can't be written: " + describe(e));
    }
  }

  private List<Assembled> fill(AssemblyFile wanted, Map<String, String> digests, Path draft)
      throws Failure, IOException, InterruptedException {
    Path assembly = Files.createDirectories(draft.resolve("assembly"));
    Path plugins = Files.createDirectories(assembly.resolve("plugins"));
    var layout = new OciLayout(assembly.resolve("oci"));
    var cache = new PluginCache(draft.resolve("cache"), clock);
    var signatures = new Signatures(wanted.trust().keys());
    var staging =
        new Staging(
            cache,
            new SourceFetcher(wanted.trust(), (wish, host) -> Credentials.find(dockerConfig, host)),
            signatures,
            new PluginTrial(draft.resolve("trial")),
            new TckRule(wanted.trust().tckPolicy(), signatures));
    var assembled = new ArrayList<Assembled>();
    for (AssemblyFile.Entry entry : wanted.plugins()) {
      Staged staged = stage(staging, wanted, entry);
      String digest = staged.archive().key().digest();
      checkDigest(entry, digest, digests);
      Path zip = plugins.resolve("%s-%s.zip".formatted(entry.id(), entry.version()));
      Path signature = Path.of(zip + ".sig");
      copy(staged.archive().path(), cache.signature(digest), zip, signature);
      layout.add(entry.id(), entry.version(), zip, signature);
      assembled.add(assembled(wanted, entry, staged, Files.size(zip)));
    }
    layout.close();
    Files.write(assembly.resolve(LOCK), lock(assembled));
    return assembled;
  }

  private static void copy(Path from, Optional<byte[]> signed, Path zip, Path signature)
      throws IOException {
    Files.copy(from, zip);
    if (signed.isPresent()) {
      Files.write(signature, signed.get());
    }
  }

  private static Assembled assembled(
      AssemblyFile wanted, AssemblyFile.Entry entry, Staged staged, long bytes) {
    return new Assembled(
        entry.id(),
        entry.version(),
        wanted.sourceOf(entry),
        "sha256:" + staged.archive().key().digest(),
        bytes,
        staged.signedBy().orElse(""));
  }

  private static AssemblyFile parse(String file) throws Failure {
    try {
      return AssemblyFile.parse(file);
    } catch (IllegalArgumentException e) {
      throw new Failure(String.valueOf(e.getMessage()));
    }
  }

  /** Generation 0: one that isn't tried, since that would run its code here. */
  private static Staged stage(Staging staging, AssemblyFile wanted, AssemblyFile.Entry entry)
      throws Failure, InterruptedException {
    var wish =
        new Wish(
            entry.id(),
            entry.source(),
            entry.version(),
            Optional.empty(),
            false,
            wanted.trust().signaturePolicy(),
            Optional.empty(),
            0);
    try {
      return staging.run(wish, (bytes, of) -> {});
    } catch (Refusal e) {
      throw new Failure("%s %s: %s".formatted(entry.id(), entry.version(), e.sentence()));
    } catch (NoSuchFileException e) {
      throw new Failure(
          "%s %s: there is no file %s"
              .formatted(entry.id(), entry.version(), ((PluginSource.File) entry.source()).path()));
    } catch (IOException | IllegalArgumentException e) {
      throw new Failure(
          "%s %s can't be fetched from %s: %s"
              .formatted(entry.id(), entry.version(), entry.source().text(), describe(e)));
    }
  }

  private static void checkDigest(
      AssemblyFile.Entry entry, String digest, Map<String, String> locked) throws Failure {
    if (entry.digest().isPresent() && !entry.digest().get().equals(digest)) {
      throw new Failure(
          "%s %s: %s is sha256:%s, and its digest in the file allows sha256:%s only"
              .formatted(
                  entry.id(),
                  entry.version(),
                  entry.source().text(),
                  digest,
                  entry.digest().get()));
    }
    String before = locked.get(entry.id() + " " + entry.version());
    if (before != null && !before.equals("sha256:" + digest)) {
      throw new Failure(
          "%s %s: %s is sha256:%s, and was %s when the lock was made"
              .formatted(entry.id(), entry.version(), entry.source().text(), digest, before));
    }
    if (!locked.isEmpty() && before == null) {
      throw new Failure(
          "%s %s is not in the lock: make a new one, without --locked"
              .formatted(entry.id(), entry.version()));
    }
  }

  private static Map<String, String> digests(Optional<String> locked) throws Failure {
    var digests = new LinkedHashMap<String, String>();
    if (locked.isPresent()) {
      try {
        Lock lock = JSON.readValue(locked.get(), Lock.class);
        lock.plugins().forEach(one -> digests.put(one.id() + " " + one.version(), one.digest()));
      } catch (JsonProcessingException e) {
        throw new Failure("the lock can't be read: " + e.getOriginalMessage());
      }
    }
    return digests;
  }

  private static byte[] lock(List<Assembled> assembled) throws IOException {
    ObjectNode lock = JSON.createObjectNode().put("lockVersion", LOCK_VERSION);
    var plugins = lock.putArray("plugins");
    for (Assembled one : assembled) {
      ObjectNode row = plugins.addObject();
      row.put("id", one.id()).put("version", one.version()).put("source", one.source());
      row.put("digest", one.digest()).put("bytes", one.bytes());
      if (!one.signedBy().isEmpty()) {
        row.put("signedBy", one.signedBy());
      }
    }
    // The same end of line on every machine.
    var indenter = new DefaultIndenter("  ", "\n");
    var printer =
        new DefaultPrettyPrinter().withArrayIndenter(indenter).withObjectIndenter(indenter);
    return (JSON.writer(printer).writeValueAsString(lock) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static void checkReplaceable(Path out) throws Failure {
    if (!Files.exists(out) || Files.exists(out.resolve(LOCK))) {
      return;
    }
    try (Stream<Path> files = Files.list(out)) {
      if (files.findAny().isPresent()) {
        throw new Failure(
            "%s holds something that is no assembly: name another folder, or empty it"
                .formatted(out));
      }
    } catch (IOException e) {
      throw new Failure("%s is no folder that can be written: %s".formatted(out, describe(e)));
    }
  }

  private static void replace(Path place, Path assembly) throws IOException {
    delete(place);
    Files.move(assembly, place);
  }

  private static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("can't delete " + folder, e);
    }
  }

  private static String describe(Exception e) {
    String message = e.getMessage();
    return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
  }
}
