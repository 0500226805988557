package io.upm.plugin.mysql.client;

import com.mysql.cj.jdbc.AbandonedConnectionCleanupThread;
import com.mysql.cj.jdbc.MysqlDataSource;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One connection to one server, every exchange on it bounded. Starts no thread and registers
 * nothing, so a class loader can be let go right after. For one thread at a time.
 */
public final class Session implements AutoCloseable {
  static {
    // The driver starts a thread for connections that nobody closes, which would hold the class
    // loader for ever; all connections here are closed.
    AbandonedConnectionCleanupThread.uncheckedShutdown();
  }

  private final Connection connection;
  private long deadline;

  private Session(Connection connection, long deadline) {
    this.connection = connection;
    this.deadline = deadline;
  }

  /**
   * @param limit how long connecting and all exchanges may take together, until {@link #within}
   *     says otherwise
   * @throws SQLException when the server can't be reached, refuses the login, or is too slow
   */
  public static Session open(Login login, Duration limit) throws SQLException {
    long deadline = System.nanoTime() + limit.toNanos();
    int millis = Math.toIntExact(limit.toMillis());
    var source = new MysqlDataSource();
    source.setServerName(login.host());
    source.setPortNumber(login.port());
    source.setUser(login.user());
    source.setPassword(login.password().reveal());
    source.setCharacterEncoding("UTF-8");
    source.setConnectTimeout(millis);
    source.setSocketTimeout(millis);
    source.setSslMode(login.sslMode());
    // Certificates are not checked yet, so there is nothing that the trust store of the host, which
    // may have none, could add.
    source.setFallbackToSystemTrustStore(false);
    source.setFallbackToSystemKeyStore(false);
    source.setAllowPublicKeyRetrieval(true);
    source.setTcpKeepAlive(true);
    source.setConnectionAttributes("none");
    source.setLogger("com.mysql.cj.log.Slf4JLogger");
    return new Session(source.getConnection(), deadline);
  }

  /** Bounds all exchanges from now on together. */
  public void within(Duration limit) {
    deadline = System.nanoTime() + limit.toNanos();
  }

  /** Rows by column name in lower case; SQL's NULL is the empty text. */
  public List<Map<String, String>> rows(String sql) throws SQLException {
    bound();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return rows(result);
    }
  }

  /** As {@link #rows(String)}; question marks in it are bound. */
  public List<Map<String, String>> rows(String sql, Object first, Object... others)
      throws SQLException {
    bound();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, first);
      bind(statement, 2, others);
      try (ResultSet result = statement.executeQuery()) {
        return rows(result);
      }
    }
  }

  private static List<Map<String, String>> rows(ResultSet result) throws SQLException {
    ResultSetMetaData columns = result.getMetaData();
    var rows = new ArrayList<Map<String, String>>();
    while (result.next()) {
      var row = new LinkedHashMap<String, String>();
      for (int column = 1; column <= columns.getColumnCount(); column++) {
        row.put(
            columns.getColumnLabel(column).toLowerCase(Locale.ROOT),
            text(result.getString(column)));
      }
      rows.add(row);
    }
    return rows;
  }

  /** First row, if there is any. */
  public Optional<Map<String, String>> row(String sql) throws SQLException {
    return rows(sql).stream().findFirst();
  }

  /** Two columns as a map, as SHOW VARIABLES and SHOW STATUS give them; names in lower case. */
  public Map<String, String> pairs(String sql) throws SQLException {
    var pairs = new LinkedHashMap<String, String>();
    for (Map<String, String> row : rows(sql)) {
      List<String> columns = List.copyOf(row.values());
      pairs.put(columns.get(0).toLowerCase(Locale.ROOT), columns.get(1));
    }
    return pairs;
  }

  /** All transactions that the server has. */
  public GtidSet executed() throws SQLException {
    return GtidSet.parse(
        row("SELECT @@GLOBAL.gtid_executed AS gtids").map(row -> row.get("gtids")).orElse(""));
  }

  /** Runs a statement; question marks in it are bound. */
  public void run(String sql, Object... values) throws SQLException {
    bound();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, 1, values);
      statement.execute();
    }
  }

  private static void bind(PreparedStatement statement, int first, Object... values)
      throws SQLException {
    for (int place = 0; place < values.length; place++) {
      statement.setObject(first + place, values[place]);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // It is gone already, which is all that was wanted.
      return;
    }
  }

  private void bound() throws SQLException {
    long left = (deadline - System.nanoTime()) / 1_000_000;
    if (left <= 0) {
      throw new SQLException("out of time", new SocketTimeoutException("out of time"));
    }
    connection.setNetworkTimeout(Runnable::run, (int) Math.min(left, Integer.MAX_VALUE));
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }
}
