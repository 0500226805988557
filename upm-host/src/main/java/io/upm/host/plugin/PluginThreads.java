package io.upm.host.plugin;

import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Virtual threads for the code of one plugin, with processors of their own. Java takes no processor
 * from a virtual thread that does not let go of it; on common ones, as many endless loops as there
 * are processors would be the end of all other work.
 *
 * <p>Virtual threads that such a thread starts run on the same processors. Java's way to choose
 * them is not public: it has to be opened ({@code --add-opens java.base/java.lang=ALL-UNNAMED}).
 * Where it isn't, the threads share the processors of all others.
 */
final class PluginThreads {
  private static final @Nullable Constructor<?> BUILDER = builder();

  private final Processors processors;
  private final Thread.Builder.OfVirtual threads;

  PluginThreads(PluginKey key) {
    processors = new Processors(key);
    threads = on(processors);
  }

  /** Whether plugins get processors of their own here. */
  static boolean separate() {
    return BUILDER != null;
  }

  Thread unstarted(String name, Runnable work) {
    synchronized (threads) {
      return threads.name(name).unstarted(work);
    }
  }

  /** To be called twice or more while a call takes long. */
  void look() {
    processors.look();
  }

  private static Thread.Builder.OfVirtual on(Processors processors) {
    Constructor<?> builder = BUILDER;
    if (builder == null) {
      return Thread.ofVirtual().inheritInheritableThreadLocals(false);
    }
    try {
      return ((Thread.Builder.OfVirtual) builder.newInstance(processors.pool()))
          .inheritInheritableThreadLocals(false);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static @Nullable Constructor<?> builder() {
    try {
      Constructor<?> constructor =
          Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
              .getDeclaredConstructor(Executor.class);
      constructor.setAccessible(true);
      return constructor;
    } catch (ReflectiveOperationException | InaccessibleObjectException e) {
      return null;
    }
  }
}
