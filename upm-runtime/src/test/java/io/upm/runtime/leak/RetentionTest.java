package io.upm.runtime.leak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What plugins are known to leave behind, each done for real by a class with its own loader. */
final class RetentionTest {
  private final ExecutorService host =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("host-pool").factory());

  @TempDir private Path directory;

  @AfterEach
  void end() {
    host.shutdownNow();
  }

  @ParameterizedTest
  @CsvSource({
    "thread, thread, thread \"leaky-thread\"",
    "virtualThread, thread, thread \"leaky-virtual\"",
    "executor, thread, thread \"leaky-pool\"",
    "timer, timer, thread \"leaky-timer\"",
    "threadLocal, threadLocal, thread \"host-pool\" > Thread.threadLocals",
    "contextLoader, contextLoader, thread \"host-pool\" > Thread.contextClassLoader",
    "listener, listener, static field CarelessHost.LISTENERS",
    "shutdownHook, shutdownHook, static field ApplicationShutdownHooks.hooks",
    "bean, bean, Repository",
    "driver, driver, static field DriverManager.registeredDrivers",
    "exceptionHandler, exceptionHandler, static field Thread.defaultUncaughtExceptionHandler",
    "securityProvider, securityProvider, static field Providers",
    "logHandler, logHandler, LogManager"
  })
  void namesWhatHoldsALoader(String leak, String undo, String holder) throws Exception {
    WeakReference<ClassLoader> loader = used(leak);
    try {
      System.gc();
      assertThat(loader.refersTo(null)).isFalse();

      assertThat(Retention.explain(loader, directory))
          .hasValueSatisfying(why -> assertThat(why).contains(holder));
      assertThat(directory).isEmptyDirectory();
    } finally {
      call(Objects.requireNonNull(loader.get()), "Leaky$Undo", undo);
    }
    await()
        .untilAsserted(() -> {
          System.gc();
          assertThat(loader.refersTo(null)).isTrue();
        });
  }

  @Test
  void saysNothingOfALoaderThatIsGone() throws Exception {
    WeakReference<ClassLoader> loader = used("nothing");
    await()
        .untilAsserted(() -> {
          System.gc();
          assertThat(loader.refersTo(null)).isTrue();
        });

    assertThat(Retention.explain(loader, directory)).isEmpty();
  }

  private WeakReference<ClassLoader> used(String leak) throws Exception {
    var loader = new OwnLoader();
    call(loader, "Leaky", leak);
    return new WeakReference<>(loader);
  }

  /** On the host's thread, as plugins are called. */
  private void call(ClassLoader loader, String type, String method) throws Exception {
    host.submit(
            () -> {
              Method called =
                  loader.loadClass("io.upm.runtime.leak." + type).getDeclaredMethod(method);
              called.setAccessible(true);
              try {
                return called.invoke(null);
              } catch (InvocationTargetException e) {
                throw new IllegalStateException(e.getCause());
              }
            })
        .get();
    // What the task before is made of is on the thread's stack until the next one.
    host.submit(() -> {}).get();
  }

  /** Defines what is careless itself, and leaves the rest to the host. */
  private static final class OwnLoader extends ClassLoader {
    OwnLoader() {
      super("leaky", OwnLoader.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(Leaky.class.getName())) {
        return super.loadClass(name, resolve);
      }
      Class<?> known = findLoadedClass(name);
      return known == null ? define(name) : known;
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] content = Objects.requireNonNull(in).readAllBytes();
        return defineClass(name, content, 0, content.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
