package io.upm.plugin.mysql.client;

import io.upm.spi.PluginException;
import io.upm.spi.action.ActionContext;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** The server beside, as its administrator, while it takes writes. */
public final class WritableServer {
  /** With room for a commit that waits for replicas, and for a large database that is dropped. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final String WRITABLE = "SELECT @@global.read_only = 0 AS writable";

  /** A replica that was just told its source is on its way. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private WritableServer() {}

  /** Exchanges on a session. */
  @FunctionalInterface
  public interface Use<T> {
    T of(Session session) throws SQLException;
  }

  /**
   * Uses it.
   *
   * @throws PluginException of kind TRANSIENT when the server takes no writes, or can't be asked
   */
  public static <T> T use(ActionContext context, Use<T> use) {
    try (Session session =
        Session.open(Login.administrator(context.instance(), context.accounts()), LIMIT)) {
      if (!session.row(WRITABLE).orElseThrow().containsValue("1")) {
        throw PluginException.retryable("this server takes no writes now", null);
      }
      return use.of(session);
    } catch (SQLException e) {
      // Without its text: a statement with a password may be quoted there.
      throw PluginException.retryable("the server can't do it: " + Failure.withoutText(e), e);
    }
  }

  /**
   * To be called before the first statement about accounts, and only if there is one.
   *
   * @throws PluginException of kind TRANSIENT while replicas don't acknowledge what is written
   * @see Acknowledgement
   */
  public static void awaitReplicas(Session session) throws SQLException {
    Optional<String> awaited = Acknowledgement.awaited(session, PATIENCE);
    if (awaited.isPresent()) {
      throw PluginException.retryable(awaited.get(), null);
    }
    session.within(LIMIT);
  }
}
