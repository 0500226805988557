package io.upm.runtime.topology;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Toy databases behind one port of this machine; each question names the one that it is for. A
 * question is {@code user password node command}.
 */
final class ToyCluster implements AutoCloseable {
  private record Database(boolean writable, String following) {}

  /** Commands that changed something, as {@code node command}. */
  final List<String> changes = new CopyOnWriteArrayList<>();

  final AtomicLong position = new AtomicLong();
  private final Map<String, Database> databases = new ConcurrentHashMap<>();
  private final Set<String> down = ConcurrentHashMap.newKeySet();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private final ServerSocket server = new ServerSocket();
  private final String password;

  ToyCluster(String password) throws IOException {
    this.password = password;
    server.bind(new InetSocketAddress(0));
    Thread.ofVirtual().start(this::serve);
  }

  int port() {
    return server.getLocalPort();
  }

  /** An address of this machine that is not a loopback one. */
  static String address() throws IOException {
    try (var socket = new java.net.DatagramSocket()) {
      socket.connect(InetAddress.ofLiteral("192.0.2.1"), 9);
      return socket.getLocalAddress().getHostAddress();
    }
  }

  void set(String node, boolean writable, String following) {
    databases.put(node, new Database(writable, following));
  }

  boolean writable(String node) {
    Database database = databases.get(node);
    return database != null && database.writable();
  }

  void down(String node) {
    down.add(node);
  }

  void up(String node) {
    down.remove(node);
  }

  void refuse(String command) {
    refused.add(command);
  }

  void allow(String command) {
    refused.remove(command);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void serve() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> answer(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void answer(Socket socket) {
    try (socket) {
      String question =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
              .readLine();
      String answer = question == null ? "" : answer(question.split(" ", 4));
      if (!answer.isEmpty()) {
        socket.getOutputStream().write((answer + "\n").getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      // The other side went away.
    }
  }

  private String answer(String[] question) {
    String node = question[2];
    String command = question[3];
    if (!question[0].equals("root") || !question[1].equals(password)) {
      return "ERROR access denied";
    }
    if (down.contains(node)) {
      return "";
    }
    if (refused.contains(command)) {
      return "ERROR " + command + " is refused";
    }
    Database database = databases.getOrDefault(node, new Database(false, "-"));
    if (command.equals("STATUS")) {
      return database.writable() + " " + database.following() + " " + position.incrementAndGet();
    }
    changes.add(node + " " + command);
    databases.put(
        node,
        switch (command) {
          case "WRITABLE" -> new Database(true, "-");
          case "READONLY" -> new Database(false, database.following());
          default -> new Database(false, command.substring("FOLLOW ".length()));
        });
    return "OK";
  }
}
