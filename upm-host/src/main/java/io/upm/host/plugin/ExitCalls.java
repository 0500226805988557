package io.upm.host.plugin;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.MethodRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.util.Optional;
import java.util.Set;

/**
 * Finds classes that end the process they run in. What is called by reflection isn't found: this is
 * for code that was not meant for a process that it shares, such as the main method of a library.
 */
final class ExitCalls {
  private static final Set<String> CALLS =
      Set.of("java/lang/System.exit", "java/lang/Runtime.exit", "java/lang/Runtime.halt");
  private static final byte[] EXIT = "exit".getBytes(US_ASCII);
  private static final byte[] HALT = "halt".getBytes(US_ASCII);

  private ExitCalls() {}

  /** Which method a class file refers to that ends the process. */
  static Optional<String> in(byte[] classFile) {
    // Few classes have the words; the others need not be understood.
    if (!holds(classFile, EXIT) && !holds(classFile, HALT)) {
      return Optional.empty();
    }
    try {
      for (PoolEntry entry : ClassFile.of().parse(classFile).constantPool()) {
        if (entry instanceof MethodRefEntry method) {
          String call = method.owner().asInternalName() + "." + method.name().stringValue();
          if (CALLS.contains(call)) {
            return Optional.of(call.substring(call.lastIndexOf('/') + 1));
          }
        }
      }
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      // Not a class that Java would load either.
      return Optional.empty();
    }
  }

  private static boolean holds(byte[] text, byte[] word) {
    for (int at = 0; at <= text.length - word.length; at++) {
      int matched = 0;
      while (matched < word.length && text[at + matched] == word[matched]) {
        matched++;
      }
      if (matched == word.length) {
        return true;
      }
    }
    return false;
  }
}
