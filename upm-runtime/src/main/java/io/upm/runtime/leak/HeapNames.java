package io.upm.runtime.leak;

import io.upm.runtime.leak.HeapDump.ClassShape;
import io.upm.runtime.leak.HeapDump.Field;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What things in a heap dump are called, and what in it is always there. Read when asked for. */
final class HeapNames implements HeapDump.Visitor {
  private static final String WEAK = "java/lang/ref/WeakReference";
  private static final String PHANTOM = "java/lang/ref/PhantomReference";
  private static final String REFERENT = "referent";
  private static final Set<String> KNOWN =
      Set.of(WEAK, PHANTOM, REFERENT, "name", "value", "loader");

  private final HeapDump dump;
  private final Map<String, Long> known = new HashMap<>();
  private final Map<Long, Long> classNames = new HashMap<>();
  private final Map<Long, String> texts = new HashMap<>();
  private final Set<Long> roots = new HashSet<>();
  private final Map<Long, Integer> onStacks = new HashMap<>();
  private final Map<Long, Integer> threads = new HashMap<>();

  HeapNames(HeapDump dump) throws IOException {
    this.dump = dump;
    dump.visit(this);
  }

  @Override
  public void text(long id, String text) {
    if (KNOWN.contains(text)) {
      known.put(text, id);
    }
  }

  @Override
  public void className(long classId, long textId) {
    classNames.put(classId, textId);
  }

  @Override
  public void root(long object) {
    // A class that is always there holds what its static fields do, and those are looked at.
    if (!dump.classes().containsKey(object)) {
      roots.add(object);
    }
  }

  @Override
  public void threadRoot(long object, int thread) {
    onStacks.put(object, thread);
  }

  @Override
  public void thread(long object, int thread) {
    threads.put(object, thread);
  }

  boolean isRoot(long object) {
    return roots.contains(object) || onStacks.containsKey(object) || threads.containsKey(object);
  }

  /** Name of the field of this class that doesn't keep what it refers to. */
  OptionalLong weakField(long classId) {
    Long referent = known.get(REFERENT);
    for (ClassShape shape = dump.classes().get(classId);
        shape != null && referent != null;
        shape = dump.classes().get(shape.parent())) {
      Long name = classNames.get(shape.id());
      if (name != null && (name.equals(known.get(WEAK)) || name.equals(known.get(PHANTOM)))) {
        return OptionalLong.of(referent);
      }
    }
    return OptionalLong.empty();
  }

  /** What kind of root it is. */
  String describeRoot(long object) throws IOException {
    if (threads.containsKey(object)) {
      return "thread \"%s\"".formatted(threadName(object));
    }
    Integer number = onStacks.get(object);
    if (number == null) {
      return "native code";
    }
    for (Map.Entry<Long, Integer> thread : threads.entrySet()) {
      if (thread.getValue().equals(number)) {
        return "the stack of thread \"%s\"".formatted(threadName(thread.getKey()));
      }
    }
    return "the stack of a thread";
  }

  /** Reads the names of classes and fields that are to be asked for; one reading for all. */
  void learn(Collection<Long> classes, Collection<Long> fields) throws IOException {
    var wanted = new HashSet<Long>(fields);
    classes.forEach(one -> Optional.ofNullable(classNames.get(one)).ifPresent(wanted::add));
    dump.visit(
        new HeapDump.Visitor() {
          @Override
          public void text(long id, String text) {
            if (wanted.contains(id)) {
              texts.put(id, text);
            }
          }
        });
  }

  /** Without its package, which one knows or can find. */
  String ofClass(long classId) {
    Long id = classNames.get(classId);
    if (id == null) {
      return "an unknown class";
    }
    String name = text(id).replace('/', '.');
    return name.startsWith("[") ? "an array" : name.substring(name.lastIndexOf('.') + 1);
  }

  /** A name that was learnt. */
  String text(long id) {
    return texts.getOrDefault(id, "?");
  }

  /** What the only object of this class refers to, through its weak reference; 0 for nothing. */
  long suspect(Class<?> holder) throws IOException {
    var found =
        new Object() {
          long holder;
        };
    String name = holder.getName().replace('.', '/');
    var classes = new HashSet<Long>();
    dump.visit(
        new HeapDump.Visitor() {
          private long text;

          @Override
          public void text(long id, String one) {
            if (one.equals(name)) {
              text = id;
            }
          }

          @Override
          public void className(long classId, long textId) {
            if (textId == text) {
              classes.add(classId);
            }
          }

          @Override
          public void instance(long id, long classId, byte[] fields) {
            if (classes.contains(classId)) {
              found.holder = id;
            }
          }
        });
    long reference = reference(found.holder, "loader");
    return reference == 0 ? 0 : reference(reference, REFERENT);
  }

  private String threadName(long thread) throws IOException {
    long name = reference(thread, "name");
    long value = name == 0 ? 0 : reference(name, "value");
    if (value == 0) {
      return "";
    }
    var found =
        new Object() {
          String text = "";
        };
    dump.visit(
        new HeapDump.Visitor() {
          @Override
          public void bytes(long id, byte[] content) {
            if (id == value) {
              found.text = new String(content, StandardCharsets.ISO_8859_1).replace("\0", "");
            }
          }
        });
    return found.text;
  }

  /** What a field of an object refers to; 0 for nothing. */
  long reference(long object, String field) throws IOException {
    @Nullable Long wanted = known.get(field);
    var found =
        new Object() {
          long value;
        };
    dump.visit(
        new HeapDump.Visitor() {
          @Override
          public void instance(long id, long classId, byte[] fields) {
            if (id != object) {
              return;
            }
            int offset = 0;
            for (Field one : dump.fieldsOf(classId)) {
              if (Objects.equals(one.name(), wanted) && one.type() == HeapDump.REFERENCE) {
                found.value = ByteBuffer.wrap(fields).getLong(offset);
              }
              offset += one.size();
            }
          }
        });
    return found.value;
  }
}
