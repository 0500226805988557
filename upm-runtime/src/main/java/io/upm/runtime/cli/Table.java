package io.upm.runtime.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Text in columns, as wide as their widest cell. Where a line would get too long, columns that may
 * be shortened give way, the widest first.
 */
final class Table {
  /** Left in a shortened column. */
  private static final int SHORTEST = 10;

  private static final String GAP = "  ";

  /**
   * @param shortened whether long cells may lose their middle
   */
  record Column(String heading, boolean shortened) {
    static Column of(String heading) {
      return new Column(heading, false);
    }

    static Column flexible(String heading) {
      return new Column(heading, true);
    }
  }

  private final List<Column> columns;
  private final List<List<String>> rows = new ArrayList<>();

  Table(Column... columns) {
    this.columns = List.of(columns);
  }

  /** Adds a row; a cell that is empty is shown as a dash. */
  void row(String... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(cells.length + " cells, " + columns.size() + " columns");
    }
    rows.add(List.of(cells));
  }

  /** The heading and all rows, without spaces at the ends of lines. */
  List<String> lines(int width) {
    int[] widths = widths(width);
    var lines = new ArrayList<String>();
    lines.add(line(columns.stream().map(Column::heading).toList(), widths));
    for (List<String> row : rows) {
      lines.add(line(row.stream().map(cell -> cell.isEmpty() ? "-" : cell).toList(), widths));
    }
    return lines;
  }

  private int[] widths(int limit) {
    int[] widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(columns.get(i).heading().length(), longest(i));
    }
    int excess = total(widths) - limit;
    while (excess > 0) {
      int widest = widestFlexible(widths);
      if (widest < 0) {
        break;
      }
      widths[widest]--;
      excess--;
    }
    return widths;
  }

  private int longest(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }

  private static int total(int[] widths) {
    int sum = GAP.length() * (widths.length - 1);
    for (int width : widths) {
      sum += width;
    }
    return sum;
  }

  private int widestFlexible(int[] widths) {
    int widest = -1;
    for (int i = 0; i < widths.length; i++) {
      if (columns.get(i).shortened()
          && widths[i] > SHORTEST
          && (widest < 0 || widths[i] > widths[widest])) {
        widest = i;
      }
    }
    return widest;
  }

  private static String line(List<String> cells, int[] widths) {
    var padded = new ArrayList<String>();
    for (int i = 0; i < widths.length; i++) {
      String cell = shorten(cells.get(i), widths[i]);
      padded.add(cell + " ".repeat(Math.max(0, widths[i] - cell.length())));
    }
    return padded.stream().collect(Collectors.joining(GAP)).stripTrailing();
  }

  /** Both ends tell more than the beginning alone: a position's end is what moves. */
  static String shorten(String text, int width) {
    if (text.length() <= width) {
      return text;
    }
    int tail = (width - 1) * 2 / 3;
    int head = width - 1 - tail;
    return text.substring(0, head) + "…" + text.substring(text.length() - tail);
  }
}
