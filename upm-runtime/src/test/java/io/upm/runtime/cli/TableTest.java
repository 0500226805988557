package io.upm.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    var table = new Table(Table.Column.of("A"), Table.Column.of("HEADING"));
    table.row("long cell", "x");
    table.row("", "y");

    assertThat(table.lines(80))
        .containsExactly("A          HEADING", "long cell  x", "-          y");
  }

  @Test
  void onlyFlexibleColumnsGiveWay() {
    var table = new Table(Table.Column.of("NAME"), Table.Column.flexible("POSITION"));
    table.row("a-name-that-stays", "0123456789abcdefghijklmnopqrstuvwxyz");

    assertThat(table.lines(33))
        .containsExactly("NAME               POSITION", "a-name-that-stays  01234…stuvwxyz");
  }

  @Test
  void aLineTooLongForItsFixedColumnsStaysWhole() {
    var table = new Table(Table.Column.of("A"));
    table.row("0123456789");

    assertThat(table.lines(5)).containsExactly("A", "0123456789");
  }

  @Test
  void aRowHasAsManyCellsAsThereAreColumns() {
    var table = new Table(Table.Column.of("A"));

    assertThatIllegalArgumentException().isThrownBy(() -> table.row("x", "y"));
  }

  @Test
  void shorteningKeepsBothEnds() {
    assertThat(Table.shorten("0123456789", 7)).isEqualTo("01…6789");
    assertThat(Table.shorten("0123456789", 10)).isEqualTo("0123456789");
  }
}
