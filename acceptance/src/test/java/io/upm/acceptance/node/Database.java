package io.upm.acceptance.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** A client of the database, outside the Pods. */
final class Database {
  private static final int PORT = 3306;
  private static final int CONNECT_MILLIS = 3000;

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

  /** The same, where that account has another password. */
  static Database ofUnit(Cluster cluster, String unit, String password) {
    return new Database(cluster.podAddress(unit), PORT, Manifests.PROVISION, password);
  }

  /**
   * Whatever server a Service leads to. Awaits that it leads to one: a node learns of endpoints up
   * to a second or two after they are there, and a set is Ready before.
   */
  static Database ofService(Cluster cluster, String service) {
    String address = cluster.service(service).getSpec().getClusterIP();
    cluster.await(
        "Service %s takes connections".formatted(service), () -> takesConnections(address));
    return at(address);
  }

  private static boolean takesConnections(String address) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, PORT), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static Database at(String address) {
    return new Database(address, PORT, Manifests.PROVISION, Manifests.PASSWORD);
  }

  /** The same server, for another user. */
  Database as(String other, String itsPassword) {
    return new Database(host, port, other, itsPassword);
  }

  Connection connect() throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("connectTimeout", Integer.toString(CONNECT_MILLIS));
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
