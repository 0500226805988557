package io.upm.runtime.leak;

import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/**
 * What a plugin leaves behind that brings a JDBC driver and doesn't clean up after it: as {@link
 * Leaky}, with the real drivers in its {@code lib}.
 */
public final class LeakyDrivers {
  private LeakyDrivers() {}

  static void mysql() throws ClassNotFoundException {
    Class.forName("com.mysql.cj.jdbc.Driver");
  }

  /** What is not enough: the driver has a thread of its own. */
  static void mysqlDeregistered() throws Exception {
    mysql();
    deregister();
  }

  static void postgresql() throws ClassNotFoundException {
    Class.forName("org.postgresql.Driver");
  }

  static void mariadb() throws ClassNotFoundException {
    Class.forName("org.mariadb.jdbc.Driver");
  }

  /** The driver manager shows a caller only the drivers of its own class loader. */
  private static void deregister() throws SQLException {
    for (Driver driver : own()) {
      DriverManager.deregisterDriver(driver);
    }
  }

  private static List<Driver> own() {
    ClassLoader loader = LeakyDrivers.class.getClassLoader();
    return DriverManager.drivers()
        .filter(driver -> driver.getClass().getClassLoader() == loader)
        .toList();
  }

  /** Takes back what the method of the same name did. */
  static final class Undo {
    private Undo() {}

    static void mysql() throws Exception {
      deregister();
      mysqlDeregistered();
    }

    static void mysqlDeregistered() throws Exception {
      Class.forName("com.mysql.cj.jdbc.AbandonedConnectionCleanupThread")
          .getMethod("uncheckedShutdown")
          .invoke(null);
    }

    static void postgresql() throws SQLException {
      deregister();
    }

    static void mariadb() throws SQLException {
      deregister();
    }
  }
}
