package io.upm.acceptance.node;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** A client of the database, outside the Pods. */
final class Database {
  private final String host;
  private final int port;
  private final String user;
  private final String password;

  private Database(String host, int port, String user, String password) {
    this.host = host;
    this.port = port;
    this.user = user;
    this.password = password;
  }

  /** The server of one unit, by the account that the manifests provide. */
  static Database ofUnit(Cluster cluster, String unit) {
    return at(cluster.podAddress(unit));
  }

  /** Whatever server a Service leads to. */
  static Database ofService(Cluster cluster, String service) {
    return at(cluster.service(service).getSpec().getClusterIP());
  }

  private static Database at(String address) {
    return new Database(address, 3306, Manifests.PROVISION, Manifests.PASSWORD);
  }

  Connection connect() throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("connectTimeout", "3000");
    properties.setProperty("socketTimeout", "20000");
    properties.setProperty("sslMode", "REQUIRED");
    return DriverManager.getConnection("jdbc:mysql://" + host + ":" + port + "/", properties);
  }

  void execute(String... statements) throws SQLException {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** First column of each row. */
  List<String> read(String query) throws SQLException {
    try (var connection = connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      var values = new ArrayList<String>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    }
  }

  /** As {@link #read}; empty while the database can't be reached. */
  List<String> tryRead(String query) {
    try {
      return read(query);
    } catch (SQLException e) {
      return List.of();
    }
  }
}
