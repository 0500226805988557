package io.upm.agent.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProcessIdentityTest {
  @Test
  void sameIdWithAnotherStartIsAnotherProcess() throws IOException {
    long pid = ProcessHandle.current().pid();
    String stat = Files.readString(Path.of("/proc/self/stat"));
    long start = Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19]);
    assertThat(new ProcessIdentity(pid, start).exists()).isTrue();
    assertThat(new ProcessIdentity(pid, start + 1).exists()).isFalse();
    assertThat(new ProcessIdentity(Integer.MAX_VALUE, start).exists()).isFalse();
  }

  @Test
  void recordsAreReadAndRubbishIsNot() {
    assertThat(ProcessIdentity.parse("12 345\n")).contains(new ProcessIdentity(12, 345));
    assertThat(ProcessIdentity.parse("")).isEmpty();
    assertThat(ProcessIdentity.parse("12")).isEmpty();
    assertThat(ProcessIdentity.parse("12 -3")).isEmpty();
    assertThat(ProcessIdentity.parse("12 3 4")).isEmpty();
  }
}
