package io.upm.plugin.mysql.backup;

import io.upm.plugin.mysql.client.Failure;
import io.upm.plugin.mysql.client.GtidSet;
import io.upm.plugin.mysql.client.Login;
import io.upm.plugin.mysql.client.Session;
import io.upm.spi.PluginException;
import io.upm.spi.action.ActionContext;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Has the server beside copy its data into a directory while it serves. The statement runs on a
 * session of its own; another one looks how far it is, and ends it when nobody wants it any more.
 */
final class LocalClone {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration LIFE = Duration.ofDays(7);
  private static final long LOOK_MILLIS = 500;

  private static final String PROGRESS =
      "SELECT COALESCE(SUM(data), 0) AS bytes FROM performance_schema.clone_progress";

  private final Login login;

  LocalClone(ActionContext context) {
    this.login = Login.administrator(context.instance(), context.accounts());
  }

  /**
   * Asks how much there is to be copied.
   *
   * @return size of the tablespaces
   * @throws PluginException of kind USER when not all of it would be copied
   */
  long bytes() {
    try (Session session = Session.open(login, LIMIT)) {
      CloneRules.checkEngines(
          session.row(CloneRules.NOT_COPIED).map(row -> row.get("found")).orElse(""));
      return bytes(session, CloneRules.BYTES);
    } catch (SQLException e) {
      throw PluginException.retryable("the server can't be asked: " + Failure.sentence(e), e);
    }
  }

  /** All transactions that the server has. */
  GtidSet executed() {
    try (Session session = Session.open(login, LIMIT)) {
      return GtidSet.parse(
          session
              .row("SELECT REPLACE(@@GLOBAL.gtid_executed, '\\n', '') AS gtids")
              .map(row -> row.get("gtids"))
              .orElseThrow());
    } catch (SQLException e) {
      throw PluginException.retryable("the server can't be asked: " + Failure.sentence(e), e);
    }
  }

  /**
   * Copies.
   *
   * @param target not there yet; its parent is
   * @throws PluginException of kind TRANSIENT when that failed, or the thread is interrupted: the
   *     server doesn't write into it any more then
   */
  void run(Path target, LongConsumer progress) {
    var connection = new CompletableFuture<String>();
    var clone =
        new FutureTask<@Nullable Void>(() -> {
          copy(target, connection);
          return null;
        });
    Thread.ofVirtual().name("clone").start(clone);
    try (Session session = Session.open(login, LIMIT)) {
      follow(clone, session, progress);
    } catch (SQLException e) {
      throw PluginException.retryable("the server can't be asked: " + Failure.sentence(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PluginException.retryable("interrupted while the data were copied", e);
    } finally {
      end(clone, connection);
    }
  }

  private void copy(Path target, CompletableFuture<String> connection) throws SQLException {
    try (Session session = Session.open(login, LIMIT)) {
      connection.complete(
          session.row("SELECT CONNECTION_ID() AS id").map(row -> row.get("id")).orElseThrow());
      session.within(LIFE);
      session.run("CLONE LOCAL DATA DIRECTORY = ?", target.toString());
    }
  }

  private static void follow(
      FutureTask<@Nullable Void> clone, Session session, LongConsumer progress)
      throws SQLException, InterruptedException {
    while (true) {
      try {
        clone.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        session.within(LIMIT);
        progress.accept(bytes(session, PROGRESS));
      } catch (ExecutionException e) {
        throw PluginException.retryable(
            "the data can't be copied: " + Failure.sentence(Objects.requireNonNull(e.getCause())),
            e);
      }
    }
  }

  private static long bytes(Session session, String sql) throws SQLException {
    Map<String, String> row = session.row(sql).orElseThrow();
    return Long.parseLong(row.get("bytes"));
  }

  /** Whatever happened: what the server would still write there, nobody would remove. */
  private void end(FutureTask<@Nullable Void> clone, CompletableFuture<String> connection) {
    if (clone.isDone()) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    try {
      String id = connection.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      try (Session session = Session.open(login, LIMIT)) {
        session.run("KILL QUERY " + Long.parseLong(id));
      }
      clone.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (SQLException | ExecutionException | TimeoutException e) {
      // It has ended with an error, as it should; or the server has, or will.
      return;
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
