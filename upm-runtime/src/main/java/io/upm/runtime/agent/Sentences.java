package io.upm.runtime.agent;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.net.ConnectException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Failures of calls as users read them. */
final class Sentences {
  private Sentences() {}

  static String of(Throwable failure) {
    if (failure instanceof StatusException e) {
      return of(e.getStatus());
    }
    if (failure instanceof StatusRuntimeException e) {
      return of(e.getStatus());
    }
    return messageOf(failure);
  }

  private static String of(Status status) {
    Throwable cause = find(status.getCause());
    if (cause instanceof SSLException) {
      return "its certificate was not accepted (" + messageOf(deepest(cause)) + ")";
    }
    if (cause instanceof ConnectException) {
      // Netty appends the address, which every sentence about an agent has already.
      return "it can't be reached (" + messageOf(cause).replaceFirst(": .*", "") + ")";
    }
    String description = status.getDescription();
    String code = status.getCode().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return description == null || description.isEmpty() ? code : description + " (" + code + ")";
  }

  /** The first cause that says something about the connection. */
  private static @Nullable Throwable find(@Nullable Throwable cause) {
    for (Throwable one = cause; one != null; one = one.getCause()) {
      if (one instanceof SSLException || one instanceof ConnectException) {
        return one;
      }
    }
    return null;
  }

  private static Throwable deepest(Throwable failure) {
    Throwable one = failure;
    while (one.getCause() != null) {
      one = one.getCause();
    }
    return one;
  }

  private static String messageOf(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isEmpty() ? failure.getClass().getSimpleName() : message;
  }
}
