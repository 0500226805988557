package io.upm.runtime.cli;

import java.util.List;

/**
 * What applying manifests would do; with {@code -o json} and {@code -o yaml} it is the output.
 *
 * @param objects one for each object in the manifests
 */
public record PlanView(List<ObjectPlan> objects) {
  public PlanView {
    objects = List.copyOf(objects);
  }

  /** What happens to an object itself. */
  public enum Verb {
    CREATE,
    CHANGE,
    NOTHING
  }

  /** What happens to a Pod. */
  public enum Fate {
    /** There is none yet. */
    MADE,
    /** It ends, and another is made with the same volumes. */
    REPLACED,
    /** It gets other resources and goes on. */
    RESIZED,
    /** Nothing happens to it. */
    KEPT,
    /** It would be replaced, and something is in the way. */
    HELD_BACK,
    /** It ends with its unit. */
    REMOVED
  }

  /**
   * One object.
   *
   * @param fields what changes in the object
   * @param problems why it can't be carried out; nothing else happens then
   * @param notes what else happens: Services, volume claims, what is waited for
   * @param units its Pods
   * @param files configuration that changes
   */
  public record ObjectPlan(
      String kind,
      String namespace,
      String name,
      Verb verb,
      List<FieldChange> fields,
      List<String> problems,
      List<String> notes,
      List<UnitPlan> units,
      List<FileChange> files) {
    public ObjectPlan {
      fields = List.copyOf(fields);
      problems = List.copyOf(problems);
      notes = List.copyOf(notes);
      units = List.copyOf(units);
      files = List.copyOf(files);
    }
  }

  /**
   * A field.
   *
   * @param before as JSON; empty when it isn't there
   * @param after as JSON; empty when it goes
   */
  public record FieldChange(String path, String before, String after) {}

  /**
   * A Pod.
   *
   * @param turn its place among those that are made, replaced or removed, from 1; 0 for the others
   * @param why one sentence; empty when there is nothing to say
   */
  public record UnitPlan(String name, Fate fate, int turn, String why) {}

  /**
   * A configuration file.
   *
   * @param units whose file it is
   * @param lines those that go, with {@code -} before them, and those that come, with {@code +}
   */
  public record FileChange(List<String> units, String file, List<String> lines) {
    public FileChange {
      units = List.copyOf(units);
      lines = List.copyOf(lines);
    }
  }

  /** Whether anything would change. */
  boolean changes() {
    return objects.stream().anyMatch(object -> object.verb() != Verb.NOTHING);
  }

  /** Whether something can't be carried out. */
  boolean wrong() {
    return objects.stream().anyMatch(object -> !object.problems().isEmpty());
  }
}
