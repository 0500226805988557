package io.upm.plugin.mysql.variable;

import io.upm.plugin.mysql.client.Failure;
import io.upm.plugin.mysql.client.Session;
import io.upm.spi.PluginException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Changes variables of a running server: all of them, or none. */
public final class VariableChanges {
  private final Session session;
  private final List<VariableChange> done = new ArrayList<>();

  /** Told of each change that is about to be made. */
  @FunctionalInterface
  public interface Progress {
    void next(VariableChange change, int done);
  }

  public VariableChanges(Session session) {
    this.session = session;
  }

  /**
   * Makes them in their order, and reads back what came of it.
   *
   * @return by name, the values that the server has now
   * @throws PluginException of kind USER when it refuses one and has the former values of all; of
   *     kind RETRYABLE when it isn't known which it has
   */
  public Map<String, String> carryOut(List<VariableChange> changes, Progress progress) {
    for (VariableChange change : changes) {
      progress.next(change, done.size());
      done.add(change);
      attempt(change);
    }
    var values = new LinkedHashMap<String, String>();
    for (VariableChange change : changes) {
      values.put(change.name(), settled(change));
    }
    return values;
  }

  private void attempt(VariableChange change) {
    try {
      change.apply(session);
    } catch (SQLException e) {
      throw refused(change, e);
    }
  }

  /**
   * What the server made of it: it cuts a value to a bound that another variable is for it, which
   * may be a later one of the list.
   */
  private String settled(VariableChange change) {
    try {
      String now = change.read(session);
      if (change.isDone(now)) {
        return now;
      }
      change.apply(session);
      return change.read(session);
    } catch (SQLException e) {
      throw refused(change, e);
    }
  }

  private PluginException refused(VariableChange change, SQLException why) {
    List<String> left = revert();
    String sentence =
        "%s could not become \"%s\": %s; "
            .formatted(
                change.name(),
                change.after() == null ? "the default" : change.after(),
                Failure.sentence(why));
    return left.isEmpty()
        ? PluginException.user(sentence + "all variables have their former values", why)
        : PluginException.retryable(
            sentence + "not known to have its former value: " + String.join(", ", left), why);
  }

  /** Takes back what was done, the last first; tells what could not be. */
  private List<String> revert() {
    var left = new ArrayList<String>();
    for (VariableChange change : done.reversed()) {
      try {
        change.revert(session);
      } catch (SQLException e) {
        left.add(change.name() + " (" + Failure.sentence(e) + ")");
      }
    }
    return left;
  }
}
