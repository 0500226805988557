package io.upm.acceptance.author;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Programs that {@code hack/cluster} built on this machine. */
public final class LocalPrograms {
  private LocalPrograms() {}

  /**
   * Where one is, or its name alone, for whichever is on the path.
   *
   * @param project what it was built from
   */
  public static String find(String project, String name) {
    String cache =
        Objects.requireNonNullElse(
            System.getenv("UPM_CACHE"), System.getProperty("user.home") + "/.cache/upm");
    Path all = Path.of(cache, "bin");
    if (!Files.isDirectory(all)) {
      return name;
    }
    try (var built = Files.newDirectoryStream(all, project + "-*")) {
      for (Path directory : built) {
        if (Files.isExecutable(directory.resolve(name))) {
          return directory.resolve(name).toString();
        }
      }
      return name;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
