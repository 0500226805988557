package io.upm.agent.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.upm.agent.container.PluginZip;
import io.upm.agent.container.Pod;
import io.upm.agent.protocol.v1.DropRequest;
import io.upm.host.plugin.PluginKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Zips that aren't what they should be, the same for the same seed. */
class MalformedPluginsIT {
  private static final long SEED = Long.getLong("upm.fuzz.seed", 20261122);
  private static final int ZIPS = Integer.getInteger("upm.fuzz.zips", 300);

  @Test
  void noneOfThemTakesThePlaceOfThePluginInUse() throws Exception {
    try (var pod = Pod.ready()) {
      PluginZip zip = pod.plugin("1.1.0");
      byte[] good = Files.readAllBytes(zip.path());
      Path file = pod.directory().resolve("hostile.zip");
      Held before = Held.by(pod);
      var random = new SplittableRandom(SEED);
      int unreadable = 0;
      for (int number = 0; number < ZIPS; number++) {
        Distortion damage = Distortion.values()[1 + random.nextInt(Distortion.DOUBLED.ordinal())];
        byte[] bytes = damage.of(good, random);
        Files.write(file, bytes);
        String digest = digest(bytes);
        String which = "seed %d, zip %d, %s".formatted(SEED, number, damage);
        if (!digest.equals(zip.key().digest())) {
          assertThat(isKept(pod, file, zip.key())).as("%s, as the good one", which).isFalse();
        }

        // Damaged where nobody can tell, it is a build of its own; being kept is not being in use.
        var own = new PluginKey(zip.key().id(), zip.key().version(), digest);
        if (isKept(pod, file, own)) {
          assertThat(
                  pod.runtime().plugins().drop(DropRequest.newBuilder().setDigest(digest).build()))
              .isNotNull();
        } else {
          unreadable++;
        }
      }

      assertThat(Held.by(pod)).isEqualTo(before);
      assertThat(unreadable).isGreaterThan(ZIPS / 2);
      pod.runtime().pushAndActivate(zip);
      pod.runtime()
          .report("the good one", report -> report.getPlugin().getVersion().equals("1.1.0"));
    }
  }

  /** Whether a file is taken for that plugin; if not, the reason is one of the caller's. */
  private static boolean isKept(Pod pod, Path file, PluginKey key)
      throws IOException, InterruptedException {
    try {
      pod.runtime().push(file, key);
      return true;
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode())
          .as("%s", e.getStatus())
          .isEqualTo(Status.Code.INVALID_ARGUMENT);
      return false;
    }
  }

  private static String digest(byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
