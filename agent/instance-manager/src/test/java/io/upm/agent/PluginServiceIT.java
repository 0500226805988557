package io.upm.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.upm.agent.container.Caller;
import io.upm.agent.container.PluginZip;
import io.upm.agent.container.Pod;
import io.upm.agent.protocol.v1.DropRequest;
import io.upm.agent.protocol.v1.InstanceReport;
import io.upm.agent.protocol.v1.InventoryRequest;
import io.upm.agent.protocol.v1.PluginRef;
import io.upm.host.plugin.PluginKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Plugins that come and go while the engine runs. */
class PluginServiceIT {
  private static final String OTHER_DIGEST = "0".repeat(64);

  @Test
  void anotherVersionTakesOverWithoutTouchingTheEngine() throws Exception {
    try (var pod = Pod.ready()) {
      InstanceReport before = pod.awaitReady();
      PluginZip second = pod.plugin("1.1.0");
      pod.runtime().pushAndActivate(second);
      InstanceReport after =
          pod.runtime().report("second", report -> report.getPlugin().getVersion().equals("1.1.0"));
      assertThat(after.getEnginePid()).isEqualTo(before.getEnginePid());
      assertThat(after.getConfig()).isEqualTo(before.getConfig());
      await().until(() -> pod.container().output().contains("is unloaded"));
      assertThat(pod.container().journal()).containsExactly("start", "ready");
      assertThat(pod.runtime().reports())
          .filteredOn(report -> report.getEngineStarts() == 1)
          .last()
          .matches(Pod::isReady);

      // And back again, which must not meet the one that is on its way out.
      pod.runtime().activate(pod.plugin("1.0.0").key());
      pod.runtime().activate(second.key());
      pod.runtime().activate(pod.plugin("1.0.0").key());
      long probed = System.currentTimeMillis();
      pod.runtime()
          .report(
              "first again",
              report ->
                  report.getPlugin().getVersion().equals("1.0.0")
                      && report.getHealth().getAtMillis() > probed
                      && Pod.isReady(report));
    }
  }

  @Test
  void wrongDigestIsRefused() throws Exception {
    try (var pod = new Pod()) {
      pod.container().start();
      PluginZip zip = pod.plugin("1.0.0");
      var wrong = new PluginKey("testengine", "1.0.0", OTHER_DIGEST);
      assertRefused(
          Status.Code.INVALID_ARGUMENT,
          () -> pod.runtime().push(zip.path(), wrong),
          zip.key().digest());
      var wrongVersion = new PluginKey("testengine", "1.0.1", zip.key().digest());
      assertRefused(
          Status.Code.INVALID_ARGUMENT,
          () -> pod.runtime().push(zip.path(), wrongVersion),
          "testengine@1.0.0");
      Path garbage = Files.writeString(pod.directory().resolve("garbage.zip"), "garbage");
      assertRefused(
          Status.Code.INVALID_ARGUMENT, () -> pod.runtime().push(garbage, wrong), "is not one");
      assertRefused(
          Status.Code.FAILED_PRECONDITION, () -> pod.runtime().activate(zip.key()), "not there");
      try (Stream<Path> left = Files.list(pod.container().data().resolve(".upm/plugins"))) {
        assertThat(left).isEmpty();
      }
    }
  }

  @Test
  void keptPluginsAreListedAndDropped() throws Exception {
    try (var pod = Pod.ready()) {
      PluginZip second = pod.plugin("1.1.0");
      PluginRef first = Caller.ref(pod.plugin("1.0.0").key());
      pod.runtime().push(second.path(), second.key());
      pod.runtime().push(second.path(), second.key());
      assertThat(kept(pod)).containsExactly(first, Caller.ref(second.key()));
      assertThat(inventory(pod).getActive()).isEqualTo(first);

      assertRefused(Status.Code.FAILED_PRECONDITION, () -> drop(pod, first.getDigest()), "in use");
      drop(pod, second.key().digest());
      drop(pod, second.key().digest());
      assertThat(kept(pod)).containsExactly(first);
      assertRefused(Status.Code.INVALID_ARGUMENT, () -> drop(pod, "../x"), "not a digest");
    }
  }

  private static void drop(Pod pod, String digest) {
    assertThat(pod.runtime().plugins().drop(DropRequest.newBuilder().setDigest(digest).build()))
        .isNotNull();
  }

  private static List<PluginRef> kept(Pod pod) {
    return inventory(pod).getKeptList();
  }

  private static io.upm.agent.protocol.v1.InventoryResponse inventory(Pod pod) {
    return pod.runtime().plugins().inventory(InventoryRequest.getDefaultInstance());
  }

  private static void assertRefused(Status.Code code, ThrowingCallable call, String sentence) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failure -> {
              assertThat(failure.getStatus().getCode()).isEqualTo(code);
              assertThat(failure.getStatus().getDescription()).contains(sentence);
            });
  }
}
