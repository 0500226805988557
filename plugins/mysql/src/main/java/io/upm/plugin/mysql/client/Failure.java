package io.upm.plugin.mysql.client;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Set;

/** What went wrong with a server, in one short sentence without secrets. */
public final class Failure {
  private static final int TOO_MANY_CONNECTIONS = 1040;
  private static final int ACCESS_DENIED = 1045;
  private static final Set<Integer> PASSWORD_NOT_ALLOWED = Set.of(1819, 3638);
  private static final int LONGEST = 200;

  private Failure() {}

  public static String sentence(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case UnknownHostException e -> {
          return "its host name is not known";
        }
        case ConnectException e -> {
          return "it does not accept connections";
        }
        case NoRouteToHostException e -> {
          return "no route leads to it";
        }
        case SocketTimeoutException e -> {
          return "it does not answer in time";
        }
        default -> {
          // The reason may lie deeper.
        }
      }
    }
    return failure instanceof SQLException sql ? sentence(sql) : failure.getClass().getSimpleName();
  }

  /** Whether the server is there but does not know user or password. */
  public static boolean isAccessDenied(SQLException failure) {
    return failure.getErrorCode() == ACCESS_DENIED;
  }

  /** Whether a password is against the server's own rules: too weak, or one of the last. */
  public static boolean isPasswordNotAllowed(SQLException failure) {
    return PASSWORD_NOT_ALLOWED.contains(failure.getErrorCode());
  }

  /** Whether the server is there but has no connection left. */
  public static boolean isTooManyConnections(SQLException failure) {
    return failure.getErrorCode() == TOO_MANY_CONNECTIONS;
  }

  /** Whether the server was too slow, or did not answer at all. */
  public static boolean isTimeout(SQLException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SocketTimeoutException) {
        return true;
      }
    }
    return false;
  }

  private static String sentence(SQLException failure) {
    if (isAccessDenied(failure)) {
      return "it refuses user or password";
    }
    if (isTooManyConnections(failure)) {
      return "it has no connection left";
    }
    String message = failure.getMessage();
    return failure.getErrorCode() == 0 || message == null
        ? "the connection broke"
        : shortened("it answers with error %d: %s".formatted(failure.getErrorCode(), message));
  }

  /**
   * As {@link #sentence}, but of an error only its number: the server may quote a statement in its
   * message, and with it a password.
   */
  public static String withoutText(SQLException failure) {
    boolean spoken =
        failure.getErrorCode() != 0 && !isAccessDenied(failure) && !isTooManyConnections(failure);
    return spoken ? "it answers with error " + failure.getErrorCode() : sentence(failure);
  }

  /** At most 200 characters, on one line. */
  public static String shortened(String text) {
    String line = text.replaceAll("\\s+", " ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
  }
}
