package io.upm.runtime.cli;

import java.util.ArrayList;
import java.util.List;

/** Which lines of a text go and come: by the longest common subsequence. Pure. */
final class LineChanges {
  private LineChanges() {}

  /** Lines that go, with {@code "- "} before them, and lines that come, with {@code "+ "}. */
  static List<String> between(String before, String after) {
    List<String> one = before.lines().toList();
    List<String> other = after.lines().toList();
    int[][] common = common(one, other);
    var changes = new ArrayList<String>();
    int i = 0;
    int j = 0;
    while (i < one.size() || j < other.size()) {
      if (i < one.size() && j < other.size() && one.get(i).equals(other.get(j))) {
        i++;
        j++;
      } else if (i < one.size() && (j == other.size() || common[i + 1][j] >= common[i][j + 1])) {
        changes.add("- " + one.get(i++));
      } else {
        changes.add("+ " + other.get(j++));
      }
    }
    return changes;
  }

  /** Length of the longest common subsequence of what follows each pair of places. */
  private static int[][] common(List<String> one, List<String> other) {
    int[][] common = new int[one.size() + 1][other.size() + 1];
    for (int i = one.size() - 1; i >= 0; i--) {
      for (int j = other.size() - 1; j >= 0; j--) {
        common[i][j] =
            one.get(i).equals(other.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    return common;
  }
}
