package io.upm.plugin.mysql.variable;

import io.upm.plugin.mysql.client.Session;
import io.upm.spi.config.Parameter;
import io.upm.spi.config.ParameterType;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One variable that gets another value. Its name is one of the catalogue's, so it can be written
 * into a statement; values are bound.
 *
 * @param parameter what the catalogue says of it
 * @param before value that the server showed
 * @param after value that it is to have; null for the server's own default
 */
public record VariableChange(Parameter parameter, String before, @Nullable String after) {
  public String name() {
    return parameter.name();
  }

  void apply(Session session) throws SQLException {
    set(session, after);
  }

  void revert(Session session) throws SQLException {
    set(session, before);
  }

  /** The value that the server took: it rounds some. */
  String read(Session session) throws SQLException {
    return session
        .row("SELECT @@GLOBAL.%s".formatted(name()))
        .map(row -> row.values().iterator().next())
        .orElse("");
  }

  /** Whether a value of the server is the wanted one. */
  boolean isDone(String now) {
    return after == null || VariableValues.same(parameter, now, after);
  }

  private void set(Session session, @Nullable String value) throws SQLException {
    if (value == null) {
      session.run("SET GLOBAL %s = DEFAULT".formatted(name()));
    } else {
      session.run("SET GLOBAL %s = ?".formatted(name()), bound(parameter.type(), value));
      if (name().equals(BufferPool.SIZE)) {
        BufferPool.await(
            session, Parameter.bytes(value).map(BigDecimal::toBigIntegerExact).orElseThrow());
      }
    }
  }

  /** The server takes numbers as numbers only, and words as texts only. */
  private static Object bound(ParameterType type, String value) {
    return switch (type) {
      case INTEGER -> number(new BigDecimal(value));
      case DECIMAL -> new BigDecimal(value);
      case SIZE -> number(Parameter.bytes(value).orElseThrow());
      case BOOLEAN ->
          switch (value.toLowerCase(Locale.ROOT)) {
            case "1", "on", "true" -> "ON";
            default -> "OFF";
          };
      case ENUMERATION -> value.matches("\\d{1,18}") ? Long.valueOf(value) : value;
      case SET, STRING -> value;
    };
  }

  /** A whole number, which may be greater than a long can be. */
  private static Object number(BigDecimal value) {
    return value.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0
        ? Long.valueOf(value.longValueExact())
        : value;
  }
}
