package io.upm.runtime.leak;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a heap dump from front to back, as often as somebody wants to. Nothing of it is kept but
 * what its classes look like: a dump is as large as the heap, and the heap is what is scarce. The
 * format is HotSpot's "JAVA PROFILE 1.0.2", as the comment in {@code heapDumper.cpp} describes it.
 */
final class HeapDump {
  private static final int BUFFER = 1 << 20;
  private static final int ID_BYTES = 8;

  private static final int TEXT = 0x01;
  private static final int LOAD_CLASS = 0x02;
  private static final int DUMP = 0x0C;
  private static final int SEGMENT = 0x1C;

  private static final int ROOT_UNKNOWN = 0xFF;
  private static final int ROOT_JNI_GLOBAL = 0x01;
  private static final int ROOT_JNI_LOCAL = 0x02;
  private static final int ROOT_FRAME = 0x03;
  private static final int ROOT_NATIVE = 0x04;
  private static final int ROOT_STICKY_CLASS = 0x05;
  private static final int ROOT_BLOCK = 0x06;
  private static final int ROOT_MONITOR = 0x07;
  private static final int ROOT_THREAD = 0x08;
  private static final int CLASS = 0x20;
  private static final int INSTANCE = 0x21;
  private static final int OBJECTS = 0x22;
  private static final int PRIMITIVES = 0x23;

  /** Type code of a reference; the codes of primitive types follow. */
  static final int REFERENCE = 2;

  private static final int[] SIZES = {0, 0, ID_BYTES, 0, 1, 2, 4, 8, 1, 2, 4, 8};

  /** A field: the id of its name, and its type's code. */
  record Field(long name, int type) {
    int size() {
      return SIZES[type];
    }
  }

  /** A class, with the fields that it declares itself. */
  record ClassShape(long id, long parent, long loader, List<Field> fields) {}

  /** Told of what is in the dump; ids are addresses of objects, and of texts. */
  interface Visitor {
    default void text(long id, String text) {}

    default void className(long classId, long textId) {}

    /** A root that is a thread, or on the stack of one. */
    default void threadRoot(long object, int thread) {}

    /** A thread with the number that roots on its stack name. */
    default void thread(long object, int thread) {}

    default void root(long object) {}

    default void shape(ClassShape shape) {}

    default void staticField(ClassShape owner, long name, long value) {}

    default void instance(long id, long classId, byte[] fields) {}

    default void element(long array, long classId, long value) {}

    default void bytes(long id, byte[] content) {}
  }

  private final Path file;
  private final Map<Long, ClassShape> classes = new HashMap<>();

  /**
   * A dump, of which the classes are read.
   *
   * @throws IOException when it can't be read, or isn't of a 64-bit HotSpot
   */
  HeapDump(Path file) throws IOException {
    this.file = file;
    visit(new Visitor() {});
  }

  Map<Long, ClassShape> classes() {
    return classes;
  }

  /**
   * All fields of an instance, in the order of its bytes: the class's own first, then its parents'.
   */
  List<Field> fieldsOf(long classId) {
    var fields = new ArrayList<Field>();
    for (ClassShape shape = classes.get(classId);
        shape != null;
        shape = classes.get(shape.parent())) {
      fields.addAll(shape.fields());
    }
    return fields;
  }

  void visit(Visitor visitor) throws IOException {
    try (var in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER))) {
      header(in);
      for (int tag = in.read(); tag >= 0; tag = in.read()) {
        in.readInt();
        long length = Integer.toUnsignedLong(in.readInt());
        switch (tag) {
          case TEXT ->
              visitor.text(
                  in.readLong(),
                  new String(in.readNBytes((int) length - ID_BYTES), StandardCharsets.UTF_8));
          case LOAD_CLASS -> {
            in.readInt();
            long id = in.readLong();
            in.readInt();
            visitor.className(id, in.readLong());
          }
          case DUMP, SEGMENT -> segment(in, length, visitor);
          default -> in.skipNBytes(length);
        }
      }
    }
  }

  private static void header(DataInputStream in) throws IOException {
    int next = in.read();
    while (next > 0) {
      next = in.read();
    }
    int idBytes = in.readInt();
    if (next < 0 || idBytes != ID_BYTES) {
      throw new IOException("not a heap dump of a 64-bit Java");
    }
    in.readLong();
  }

  private void segment(DataInputStream in, long length, Visitor visitor) throws IOException {
    long left = length;
    while (left > 0) {
      int tag = in.read();
      if (tag < 0) {
        throw new EOFException("a heap dump ends in the middle");
      }
      left -= 1 + record(in, tag, visitor);
    }
  }

  /** Reads one; how many bytes it had. */
  private long record(DataInputStream in, int tag, Visitor visitor) throws IOException {
    return switch (tag) {
      case ROOT_UNKNOWN, ROOT_STICKY_CLASS, ROOT_MONITOR -> root(in, visitor, 0);
      case ROOT_JNI_GLOBAL -> root(in, visitor, ID_BYTES);
      case ROOT_JNI_LOCAL, ROOT_FRAME -> threadRoot(in, visitor, 4);
      case ROOT_NATIVE, ROOT_BLOCK -> threadRoot(in, visitor, 0);
      case ROOT_THREAD -> {
        visitor.thread(in.readLong(), in.readInt());
        in.readInt();
        yield ID_BYTES + 8;
      }
      case CLASS -> classDump(in, visitor);
      case INSTANCE -> instance(in, visitor);
      case OBJECTS -> objects(in, visitor);
      case PRIMITIVES -> primitives(in, visitor);
      default -> throw new IOException("a heap dump with an unknown record 0x%x".formatted(tag));
    };
  }

  private static long root(DataInputStream in, Visitor visitor, int more) throws IOException {
    visitor.root(in.readLong());
    in.skipNBytes(more);
    return ID_BYTES + more;
  }

  private static long threadRoot(DataInputStream in, Visitor visitor, int more) throws IOException {
    visitor.threadRoot(in.readLong(), in.readInt());
    in.skipNBytes(more);
    return ID_BYTES + 4 + more;
  }

  private long classDump(DataInputStream in, Visitor visitor) throws IOException {
    long id = in.readLong();
    in.readInt();
    long parent = in.readLong();
    long loader = in.readLong();
    // Signers, protection domain, two that are reserved, and the size of an instance.
    in.skipNBytes(4 * ID_BYTES + 4);
    long size = ID_BYTES + 4 + 6L * ID_BYTES + 4;
    int constants = in.readUnsignedShort();
    size += 2;
    for (int i = 0; i < constants; i++) {
      in.readShort();
      int bytes = SIZES[in.read()];
      in.skipNBytes(bytes);
      size += 3 + bytes;
    }
    int statics = in.readUnsignedShort();
    size += 2;
    var references = new HashMap<Long, Long>();
    for (int i = 0; i < statics; i++) {
      long name = in.readLong();
      int type = in.read();
      if (type == REFERENCE) {
        references.put(name, in.readLong());
      } else {
        in.skipNBytes(SIZES[type]);
      }
      size += ID_BYTES + 1 + SIZES[type];
    }
    int count = in.readUnsignedShort();
    size += 2 + count * (ID_BYTES + 1L);
    var fields = new ArrayList<Field>(count);
    for (int i = 0; i < count; i++) {
      fields.add(new Field(in.readLong(), in.read()));
    }
    ClassShape shape =
        classes.computeIfAbsent(id, key -> new ClassShape(key, parent, loader, fields));
    visitor.shape(shape);
    references.forEach((name, value) -> visitor.staticField(shape, name, value));
    return size;
  }

  private static long instance(DataInputStream in, Visitor visitor) throws IOException {
    long id = in.readLong();
    in.readInt();
    long classId = in.readLong();
    int length = in.readInt();
    visitor.instance(id, classId, in.readNBytes(length));
    return 2L * ID_BYTES + 8 + length;
  }

  private static long objects(DataInputStream in, Visitor visitor) throws IOException {
    long id = in.readLong();
    in.readInt();
    int length = in.readInt();
    long classId = in.readLong();
    for (int i = 0; i < length; i++) {
      visitor.element(id, classId, in.readLong());
    }
    return 2L * ID_BYTES + 8 + (long) length * ID_BYTES;
  }

  private static long primitives(DataInputStream in, Visitor visitor) throws IOException {
    long id = in.readLong();
    in.readInt();
    int length = in.readInt();
    int type = in.read();
    long bytes = (long) length * SIZES[type];
    if (SIZES[type] == 1) {
      visitor.bytes(id, in.readNBytes(length));
    } else {
      in.skipNBytes(bytes);
    }
    return ID_BYTES + 9 + bytes;
  }
}
