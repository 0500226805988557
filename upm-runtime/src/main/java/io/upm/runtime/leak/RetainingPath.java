package io.upm.runtime.leak;

import io.upm.runtime.leak.HeapDump.ClassShape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The shortest way from something that is always there, a thread or a static field of somebody
 * else's class, to a class loader. Searched from the loader backwards, one step with each reading
 * of the dump: so only what leads to the loader is held in memory, which is the plugin and what
 * holds it.
 */
final class RetainingPath {
  /** Longer ways are not worth the time; none that was seen had more than 20 steps. */
  private static final int DEEPEST = 40;

  private final HeapDump dump;
  private final HeapNames names;
  private final long loader;

  /** How each holder that is known holds the next one on the way. */
  private final Map<Long, Step> steps = new HashMap<>();

  private Set<Long> frontier = new HashSet<>();
  private @Nullable Step outside;

  /**
   * One step of the way.
   *
   * @param holder class of what holds
   * @param field id of the field's name; one of the constants below for what is no field
   * @param held what is held
   */
  private record Step(long holder, long field, long held) {
    static final long ELEMENT = -1;
    static final long CLASS = -2;
  }

  private RetainingPath(HeapDump dump, HeapNames names, long loader) {
    this.dump = dump;
    this.names = names;
    this.loader = loader;
  }

  /** Describes the way; empty when there is none. */
  static Optional<String> to(long loader, HeapDump dump, HeapNames names) throws IOException {
    return new RetainingPath(dump, names, loader).find();
  }

  private Optional<String> find() throws IOException {
    if (names.isRoot(loader)) {
      return Optional.of(names.describeRoot(loader));
    }
    frontier.add(loader);
    for (int depth = 0; depth < DEEPEST && !frontier.isEmpty(); depth++) {
      var next = new HashSet<Long>();
      dump.visit(new Search(next));
      Step found = outside;
      if (found != null) {
        return Optional.of("static field " + labels(found));
      }
      Optional<Long> root = next.stream().filter(names::isRoot).findFirst();
      if (root.isPresent()) {
        return Optional.of(names.describeRoot(root.get()) + " > " + labels(steps.get(root.get())));
      }
      frontier = next;
    }
    return Optional.empty();
  }

  /** The way from a step to the loader. */
  private String labels(@Nullable Step first) throws IOException {
    var way = new ArrayList<Step>();
    for (Step step = first; step != null; step = steps.get(step.held())) {
      way.add(step);
    }
    names.learn(way.stream().map(Step::holder).toList(), way.stream().map(Step::field).toList());
    return way.stream().map(this::label).collect(Collectors.joining(" > "));
  }

  private String label(Step step) {
    String holder = names.ofClass(step.holder());
    return switch ((int) step.field()) {
      case (int) Step.ELEMENT -> holder;
      case (int) Step.CLASS -> holder + ".class";
      default -> holder + "." + names.text(step.field());
    };
  }

  /** One reading: who holds something of the frontier. */
  private final class Search implements HeapDump.Visitor {
    private final Set<Long> next;
    private final Map<Long, Layout> layouts = new HashMap<>();

    Search(Set<Long> next) {
      this.next = next;
    }

    @Override
    public void staticField(ClassShape owner, long name, long value) {
      if (!frontier.contains(value)) {
        return;
      }
      if (owner.loader() == loader) {
        add(owner.id(), new Step(owner.id(), name, value));
      } else if (outside == null) {
        outside = new Step(owner.id(), name, value);
      }
    }

    @Override
    public void shape(ClassShape shape) {
      if (frontier.contains(shape.loader())) {
        add(shape.id(), new Step(shape.id(), Step.CLASS, shape.loader()));
      } else if (frontier.contains(shape.parent())) {
        add(shape.id(), new Step(shape.id(), Step.CLASS, shape.parent()));
      }
    }

    @Override
    public void instance(long id, long classId, byte[] fields) {
      if (frontier.contains(classId)) {
        add(id, new Step(classId, Step.CLASS, classId));
        return;
      }
      Layout layout =
          layouts.computeIfAbsent(
              classId, key -> Layout.of(dump.fieldsOf(key), names.weakField(key)));
      ByteBuffer content = ByteBuffer.wrap(fields);
      for (int i = 0; i < layout.offsets().length; i++) {
        long value = content.getLong(layout.offsets()[i]);
        if (value != 0 && frontier.contains(value)) {
          add(id, new Step(classId, layout.names()[i], value));
          return;
        }
      }
    }

    @Override
    public void element(long array, long classId, long value) {
      if (value != 0 && frontier.contains(value)) {
        add(array, new Step(classId, Step.ELEMENT, value));
      }
    }

    private void add(long holder, Step step) {
      if (holder != loader && steps.putIfAbsent(holder, step) == null) {
        next.add(holder);
      }
    }
  }

  /** Where the references are among an instance's bytes; without the one that holds nothing. */
  private record Layout(long[] names, int[] offsets) {
    static Layout of(List<HeapDump.Field> fields, OptionalLong weak) {
      var names = new long[fields.size()];
      var offsets = new int[fields.size()];
      int count = 0;
      int offset = 0;
      for (HeapDump.Field field : fields) {
        boolean holds = weak.isEmpty() || weak.getAsLong() != field.name();
        if (field.type() == HeapDump.REFERENCE && holds) {
          names[count] = field.name();
          offsets[count] = offset;
          count++;
        }
        offset += field.size();
      }
      return new Layout(Arrays.copyOf(names, count), Arrays.copyOf(offsets, count));
    }
  }
}
