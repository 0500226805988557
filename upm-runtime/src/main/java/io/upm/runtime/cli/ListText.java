package io.upm.runtime.cli;

import io.upm.runtime.cli.Table.Column;
import java.util.List;
import java.util.stream.Collectors;

/** Draws the table of {@code upm get}. Pure. */
final class ListText {
  private ListText() {}

  /**
   * Draws it.
   *
   * @param namespaces whether the namespace is shown
   * @param width longest line
   */
  static String draw(List<ListRow> rows, boolean namespaces, int width) {
    var table = new Table(namespaces ? WITH_NAMESPACE : WITHOUT_NAMESPACE);
    for (ListRow row : rows) {
      table.row(cells(row, namespaces));
    }
    return table.lines(width).stream().map(line -> line + "\n").collect(Collectors.joining());
  }

  private static String[] cells(ListRow row, boolean namespaces) {
    return namespaces
        ? new String[] {
          row.namespace(),
          row.kind(),
          row.name(),
          row.ready(),
          row.role(),
          row.what(),
          row.age(),
          row.why()
        }
        : new String[] {
          row.kind(), row.name(), row.ready(), row.role(), row.what(), row.age(), row.why()
        };
  }

  private static final Column[] WITHOUT_NAMESPACE = {
    Column.of("KIND"),
    Column.of("NAME"),
    Column.of("READY"),
    Column.of("ROLE"),
    Column.flexible("WHAT"),
    Column.of("AGE"),
    Column.flexible("WHY NOT")
  };

  private static final Column[] WITH_NAMESPACE = {
    Column.of("NAMESPACE"),
    Column.of("KIND"),
    Column.of("NAME"),
    Column.of("READY"),
    Column.of("ROLE"),
    Column.flexible("WHAT"),
    Column.of("AGE"),
    Column.flexible("WHY NOT")
  };
}
