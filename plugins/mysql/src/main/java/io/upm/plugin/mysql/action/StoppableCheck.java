package io.upm.plugin.mysql.action;

import io.upm.plugin.mysql.client.Failure;
import io.upm.plugin.mysql.client.Login;
import io.upm.plugin.mysql.client.Session;
import io.upm.spi.PluginException;
import io.upm.spi.action.ActionContext;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One long statement about one table. It runs on a connection of its own, so that the server can be
 * told to end it as soon as the action is cancelled: a statement can't be interrupted otherwise.
 */
final class StoppableCheck<T> {
  /** A table that takes longer than this is not read, but waited for in vain. */
  private static final Duration LONGEST = Duration.ofDays(2);

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int LOOK_SECONDS = 1;

  private final CheckedTable table;
  private final Login login;
  private final ActionContext context;
  private final Question<T> question;

  /** What is asked. */
  private interface Question<T> {
    T ask(Session session) throws SQLException;
  }

  private StoppableCheck(
      CheckedTable table, Login login, ActionContext context, Question<T> question) {
    this.table = table;
    this.login = login;
    this.context = context;
    this.question = question;
  }

  /** What is wrong with a table. */
  static StoppableCheck<Optional<String>> of(
      CheckedTable table, Login login, ActionContext context) {
    return new StoppableCheck<>(table, login, context, table::check);
  }

  /** How many rows it has. */
  static StoppableCheck<Long> rows(CheckedTable table, Login login, ActionContext context) {
    return new StoppableCheck<>(table, login, context, table::rows);
  }

  T run() throws SQLException {
    try (Session session = Session.open(login, LIMIT)) {
      long id = Long.parseLong(session.row("SELECT CONNECTION_ID() AS id").orElseThrow().get("id"));
      session.within(LONGEST);
      var asked = new FutureTask<>(() -> question.ask(session));
      Thread thread = Thread.ofVirtual().start(asked);
      try {
        return await(asked);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw cancelled(id, thread);
      } catch (TimeoutException e) {
        throw cancelled(id, thread);
      } catch (ExecutionException e) {
        throw failed(e.getCause() == null ? e : e.getCause());
      }
    }
  }

  /** Looks each second whether it is still wanted. */
  private T await(FutureTask<T> asked)
      throws InterruptedException, ExecutionException, TimeoutException {
    while (true) {
      try {
        return asked.get(LOOK_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        if (context.cancelled()) {
          throw e;
        }
      }
    }
  }

  private PluginException cancelled(long id, Thread thread) throws SQLException {
    boolean interrupted = Thread.interrupted();
    try (Session other = Session.open(login, LIMIT)) {
      other.run("KILL QUERY " + id);
      thread.join();
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    return PluginException.user("it was cancelled while %s was read".formatted(table));
  }

  /** A server that meets a page that it can't read may end itself. */
  private PluginException failed(Throwable cause) {
    String why = cause instanceof SQLException sql ? Failure.sentence(sql) : String.valueOf(cause);
    return PluginException.user("%s can't be read: %s".formatted(table, why), cause);
  }
}
