package io.upm.runtime.cli;

/** Ends a command with one sentence and an exit code. */
final class CliException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  CliException(int exitCode, String sentence) {
    super(sentence);
    this.exitCode = exitCode;
  }

  static CliException notFound(String what, String name, String namespace) {
    return new CliException(
        ExitCodes.NOT_FOUND,
        "there is no %s \"%s\" in namespace \"%s\"; what there is: upm get --all-namespaces"
            .formatted(what, name, namespace));
  }

  int exitCode() {
    return exitCode;
  }
}
