package io.upm.spi.action;

import java.util.Objects;

/**
 * Says of an action that it gives the engine a database or a user as an object declares it, which
 * is all that is needed to keep it so and to remove it. The action is begun on the instance that
 * takes writes, again and again: it looks first, changes only what differs, and is not destructive.
 * On an instance that takes no writes it fails with an exception of kind TRANSIENT.
 *
 * <p>Its parameters have the names below; of those that an object may leave out an action that
 * knows none has none.
 *
 * <ul>
 *   <li>Both kinds: {@value #NAME}.
 *   <li>A database: {@value #OPTIONS}, a record of the plugin's own with texts.
 *   <li>A user: {@value #HOST}, {@value #PASSWORD_KEY}, {@value #GRANTS}, {@value #DISCARD_FORMER}.
 * </ul>
 *
 * @param subject what it gives
 * @param drop name of the plugin's action that removes it, with the parameters {@value #NAME} and,
 *     for a user, {@value #HOST}. Removing what isn't there is no failure.
 */
public record ProvisionDescriptor(Subject subject, String drop) {
  /** Parameter with the name in the engine. */
  public static final String NAME = "name";

  /** Parameter with what is particular to the engine, by name. */
  public static final String OPTIONS = "options";

  /** Parameter with where a user may come from, as the engine writes that. */
  public static final String HOST = "host";

  /** Parameter with the key of the user's password in the action's Secret. */
  public static final String PASSWORD_KEY = "passwordKey";

  /**
   * Parameter with a list of objects, each with {@value #DATABASE} and {@value #PRIVILEGES}: all
   * that the user may do, so that what else it may is taken away.
   */
  public static final String GRANTS = "grants";

  /** Name of a database. */
  public static final String DATABASE = "database";

  /** List of what the user may do there, each as the engine calls it. */
  public static final String PRIVILEGES = "privileges";

  /**
   * Parameter that is true when clients had the time to learn the present password: one that the
   * engine still takes beside it is to be taken no longer.
   */
  public static final String DISCARD_FORMER = "discardFormer";

  /**
   * Value that is there when the engine takes another password beside the present one when the
   * action ends, whenever that began: clients get the time to learn the present one, and then
   * {@value #DISCARD_FORMER} ends it.
   */
  public static final String FORMER_KEPT = "formerPasswordKept";

  /** What an action gives an engine. */
  public enum Subject {
    DATABASE,
    USER
  }

  public ProvisionDescriptor {
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(drop, "drop");
  }
}
