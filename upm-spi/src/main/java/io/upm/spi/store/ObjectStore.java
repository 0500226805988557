package io.upm.spi.store;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Moves data between programs or directories beside the engine and a store. They pass through
 * neither the agent's memory nor a file, and whatever fails half-way leaves no object.
 *
 * <p>All methods throw a {@link io.upm.spi.PluginException}: of kind USER when the store refuses,
 * an object is missing or damaged, the key is another one, or the program fails; of kind TRANSIENT
 * when the store can't be reached, or the thread is interrupted.
 */
public interface ObjectStore {
  /**
   * Runs a program to its end and keeps what it writes to its standard output.
   *
   * @param key of the new object; one that is there is replaced
   * @param progress told of the bytes that the program has written so far
   */
  Stored put(String key, Encoding encoding, Feed writer, LongConsumer progress);

  /**
   * Runs a program to its end with the object as its standard input. The program sees the end only
   * of an object that is still what was stored; else it is killed before.
   *
   * @param progress told of the bytes that were handed over so far
   */
  void get(StoredObject object, Encoding encoding, Feed reader, LongConsumer progress);

  /**
   * Keeps what is in a directory as one tar stream: directories and files, in the order of their
   * names, with their modes and without their owners. One that holds anything else, such as a link,
   * is refused, and so is one whose files change meanwhile.
   *
   * @param key of the new object; one that is there is replaced
   * @param progress told of the bytes that were read so far
   */
  StoredObject pack(String key, Encoding encoding, Path directory, LongConsumer progress);

  /**
   * Makes a directory of such a stream. Until it returns, what is there is not proven to be what
   * was stored, and none of it is sure to be on disk after; when it fails, that is left where it
   * is.
   *
   * @param directory is there, and is empty
   * @param progress told of the bytes that were handed over so far
   */
  void unpack(StoredObject object, Encoding encoding, Path directory, LongConsumer progress);

  /** Reads the whole object and looks whether it is still what was stored. */
  void check(StoredObject object, Encoding encoding, LongConsumer progress);

  /**
   * Makes a backup of objects that are there.
   *
   * @param prefix beginning of the keys of its objects, with a slash at its end
   */
  void publish(String prefix, BackupManifest manifest);

  /** What was published there; empty when nothing was. */
  Optional<BackupManifest> manifest(String prefix);

  /** Keys that begin so, in the order of their bytes. */
  List<String> list(String prefix);

  /** Removes all objects whose keys begin so. */
  void remove(String prefix);

  /**
   * What a program wrote.
   *
   * @param object where that is now
   * @param head how it begins, at most 64 KiB
   */
  record Stored(StoredObject object, String head) {}
}
