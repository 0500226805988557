package io.upm.agent.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Collectors;

/** A volume with the agent, to which others come, as the agent's image installs them. */
public final class Trees {
  private final Path root;

  private Trees(Path root) {
    this.root = root;
  }

  /** With the real agent. */
  public static Trees plant(Path root) throws IOException {
    var trees = new Trees(root);
    trees.plant(root, agent());
    Files.copy(Programs.LAUNCHER, trees.launcher(), StandardCopyOption.COPY_ATTRIBUTES);
    return trees;
  }

  Path launcher() {
    return root.resolve("bin/launcher");
  }

  /** The real agent once more. */
  public void add(String id) throws IOException {
    add(id, agent());
  }

  /** One that ends at once. */
  public void addBroken(String id) throws IOException {
    add(id, "exit 1");
  }

  private void add(String id, String script) throws IOException {
    plant(root.resolve("trees").resolve(id), script);
    Path draft = root.resolve("draft");
    Files.writeString(draft, id + "\n");
    Files.move(draft, root.resolve("tree"), StandardCopyOption.REPLACE_EXISTING);
  }

  private void plant(Path home, String script) throws IOException {
    Path program = home.resolve("bin/java");
    Files.createDirectories(program.getParent());
    Files.writeString(program, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static String agent() {
    return Programs.agent().stream()
        .map(word -> "'" + word + "'")
        .collect(Collectors.joining(" ", "exec ", ""));
  }
}
