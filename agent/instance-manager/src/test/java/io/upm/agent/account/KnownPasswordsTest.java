package io.upm.agent.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KnownPasswordsTest {
  private final KnownPasswords first =
      KnownPasswords.NONE
          .beginning(of("root", "a", "mon", "m"))
          .changedTo(of("root", "a", "mon", "m"), 5);

  @Test
  void whatIsProvenFirstHasNoFormer() {
    assertThat(first.inForce()).isEqualTo(of("root", "a", "mon", "m"));
    assertThat(first.former()).isEmpty();
    assertThat(first.begun()).isEmpty();
    assertThat(first.second()).isEmpty();
  }

  @Test
  void aChangeRetainsWhatItReplaces() {
    KnownPasswords begun = first.beginning(of("root", "b", "mon", "m"));
    assertThat(begun.inForce()).isEqualTo(first.inForce());
    assertThat(begun.second()).as("should it be taken back").isEqualTo(of("root", "a"));

    KnownPasswords changed = begun.changedTo(of("root", "b", "mon", "m"), 7);
    assertThat(changed.inForce()).isEqualTo(of("root", "b", "mon", "m"));
    assertThat(changed.former()).isEqualTo(of("root", "a"));
    assertThat(changed.second()).isEqualTo(of("root", "a"));
    assertThat(changed.begun()).isEmpty();
    assertThat(changed.sinceMillis()).isEqualTo(7);
    assertThat(changed.settled().former()).isEmpty();
    assertThat(changed.settled().inForce()).isEqualTo(changed.inForce());
  }

  @Test
  void goingBackForgetsNothingOfWhatWasBegun() {
    KnownPasswords begun = first.beginning(of("root", "b", "mon", "m"));

    KnownPasswords back = begun.beginning(first.inForce());
    assertThat(back).isEqualTo(begun);

    KnownPasswords done = back.changedTo(first.inForce(), 9);
    assertThat(done.inForce()).isEqualTo(first.inForce());
    assertThat(done.former()).as("the engine may take it").isEqualTo(of("root", "b"));
  }

  @Test
  void aRevertRetainsTheOneBetween() {
    KnownPasswords changed = first.changedTo(of("root", "b", "mon", "m"), 7);

    KnownPasswords reverted = changed.changedTo(first.inForce(), 9);

    assertThat(reverted.inForce()).isEqualTo(first.inForce());
    assertThat(reverted.former()).isEqualTo(of("root", "b"));
  }

  @Test
  void whoHasNoKeyAnyMoreIsForgotten() {
    assertThat(first.changedTo(of("root", "b"), 7).former()).isEqualTo(of("root", "a"));
    assertThat(first.changedTo(of("root", "b"), 7).inForce()).isEqualTo(of("root", "b"));
  }

  @Test
  void itIsReadAsItWasWritten() {
    KnownPasswords all =
        first
            .changedTo(of("root", "b==", "mon", ""), 1_800_000_000_000L)
            .beginning(of("root", "c", "mon", "m"));

    assertThat(KnownPasswords.parse(all.text())).isEqualTo(all);
    assertThat(KnownPasswords.parse("")).isEqualTo(KnownPasswords.NONE);
    assertThat(KnownPasswords.parse("later thing x\n" + all.text())).isEqualTo(all);
  }

  @Test
  void itDoesNotPrintItself() {
    assertThat(first.toString()).isEqualTo("passwords of [mon, root]");
  }

  private static SortedMap<String, String> of(String... pairs) {
    var all = new TreeMap<String, String>();
    for (int place = 0; place < pairs.length; place += 2) {
      all.put(pairs[place], pairs[place + 1]);
    }
    return all;
  }
}
