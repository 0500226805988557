package io.upm.agent.rpc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.upm.agent.document.StaleRevisionException;
import io.upm.host.plugin.PluginArchiveException;
import io.upm.host.plugin.PluginLoadException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Failures as the caller gets them. */
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  static StatusRuntimeException of(Throwable failure) {
    return switch (failure) {
      case StatusRuntimeException status -> status;
      case StaleRevisionException stale -> with(Status.FAILED_PRECONDITION, stale);
      case IllegalStateException state -> with(Status.FAILED_PRECONDITION, state);
      case PluginArchiveException archive -> with(Status.FAILED_PRECONDITION, archive);
      case PluginLoadException load -> with(Status.FAILED_PRECONDITION, load);
      case IllegalArgumentException argument -> with(Status.INVALID_ARGUMENT, argument);
      default -> {
        LOG.error("a call failed", failure);
        yield with(Status.INTERNAL, failure);
      }
    };
  }

  private static StatusRuntimeException with(Status status, Throwable failure) {
    return status.withDescription(failure.getMessage()).asRuntimeException();
  }
}
