package io.upm.runtime.leak;

import java.lang.management.ManagementFactory;
import java.security.Provider;
import java.security.Security;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Properties;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.Executors;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * What a careless plugin does. Loaded by a class loader of its own in the tests; each method leaves
 * something behind, and the one of the same name in {@link Undo} takes it back.
 */
public final class Leaky {
  static final ThreadLocal<Leaky> LOCAL = new ThreadLocal<>();
  static final Thread HOOK = new Thread(Leaky::new, "leaky-hook");
  static final Handler HANDLER = new Quiet();
  static final JdbcDriver DRIVER = new JdbcDriver();
  static final String BEAN = "io.upm:type=Leaky";

  private Leaky() {}

  static void thread() {
    awaitWaiting(Thread.ofPlatform().daemon().name("leaky-thread").start(Leaky::await));
  }

  static void virtualThread() {
    awaitWaiting(Thread.ofVirtual().name("leaky-virtual").start(Leaky::await));
  }

  /** What it needs is loaded by then; there is no loading once the plugin is unloaded. */
  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  static void executor() {
    Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("leaky-pool").factory())
        .execute(Leaky::await);
  }

  static void timer() {
    Clockwork.TIMER.schedule(
        new TimerTask() {
          @Override
          public void run() {
            cancel();
          }
        },
        3_600_000);
  }

  static void threadLocal() {
    LOCAL.set(new Leaky());
  }

  static void contextLoader() {
    Thread.currentThread().setContextClassLoader(Leaky.class.getClassLoader());
  }

  static void listener() {
    CarelessHost.LISTENERS.add(new Leaky());
  }

  static void shutdownHook() {
    Runtime.getRuntime().addShutdownHook(HOOK);
  }

  static void bean() throws Exception {
    ManagementFactory.getPlatformMBeanServer().registerMBean(new Bean(), new ObjectName(BEAN));
  }

  static void driver() throws SQLException {
    DriverManager.registerDriver(DRIVER);
  }

  static void exceptionHandler() {
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> LOCAL.remove());
  }

  static void securityProvider() {
    Security.addProvider(new LeakyProvider());
  }

  static void logHandler() {
    Logger.getLogger("").addHandler(HANDLER);
  }

  static void nothing() {
    new Leaky();
  }

  private static void await() {
    try {
      CarelessHost.end().await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes back what the method of the same name did. */
  static final class Undo {
    private Undo() {}

    static void thread() {
      CarelessHost.endThreads();
    }

    static void virtualThread() {
      CarelessHost.endThreads();
    }

    static void timer() {
      Clockwork.TIMER.cancel();
    }

    static void threadLocal() {
      LOCAL.remove();
    }

    static void contextLoader() {
      Thread.currentThread().setContextClassLoader(null);
    }

    static void listener() {
      CarelessHost.LISTENERS.clear();
    }

    static void shutdownHook() {
      Runtime.getRuntime().removeShutdownHook(HOOK);
    }

    static void bean() throws Exception {
      ManagementFactory.getPlatformMBeanServer().unregisterMBean(new ObjectName(BEAN));
    }

    static void driver() throws SQLException {
      DriverManager.deregisterDriver(DRIVER);
    }

    static void exceptionHandler() {
      Thread.setDefaultUncaughtExceptionHandler(null);
    }

    static void securityProvider() {
      Security.removeProvider("leaky");
    }

    static void logHandler() {
      Logger.getLogger("").removeHandler(HANDLER);
    }
  }

  /** On its own, as its thread is there from the beginning. */
  private static final class Clockwork {
    static final Timer TIMER = new Timer("leaky-timer", true);
  }

  /** What JMX wants of a bean. */
  public interface BeanMBean {
    int getNumber();
  }

  /** A bean. */
  public static final class Bean implements BeanMBean {
    @Override
    public int getNumber() {
      return 1;
    }
  }

  private static final class LeakyProvider extends Provider {
    private static final long serialVersionUID = 1L;

    LeakyProvider() {
      super("leaky", "1", "does nothing");
    }
  }

  private static final class Quiet extends Handler {
    @Override
    public void publish(LogRecord line) {}

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  /** A driver that knows no database. */
  static final class JdbcDriver implements Driver {
    @Override
    public @Nullable Connection connect(String url, Properties properties) {
      return null;
    }

    @Override
    public boolean acceptsURL(String url) {
      return false;
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties properties) {
      return new DriverPropertyInfo[0];
    }

    @Override
    public int getMajorVersion() {
      return 1;
    }

    @Override
    public int getMinorVersion() {
      return 0;
    }

    @Override
    public boolean jdbcCompliant() {
      return false;
    }

    @Override
    public Logger getParentLogger() {
      return Logger.getLogger("");
    }
  }
}
