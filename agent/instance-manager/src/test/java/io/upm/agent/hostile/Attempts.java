package io.upm.agent.hostile;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.upm.agent.container.Caller;
import io.upm.agent.hostile.Attempt.Ending;
import io.upm.agent.protocol.v1.ActivateRequest;
import io.upm.agent.protocol.v1.BeginRequest;
import io.upm.agent.protocol.v1.CancelRequest;
import io.upm.agent.protocol.v1.ConfigureRequest;
import io.upm.agent.protocol.v1.DropRequest;
import io.upm.agent.protocol.v1.FollowRequest;
import io.upm.agent.protocol.v1.InventoryRequest;
import io.upm.agent.protocol.v1.PushRequest;
import io.upm.agent.protocol.v1.RestartRequest;
import io.upm.agent.protocol.v1.WatchRequest;
import io.upm.host.document.InstanceDocument;
import io.upm.host.document.InstanceDocuments;
import io.upm.host.plugin.PluginKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Calls that are not as they should be, the same for the same seed. None of them asks for anything
 * that the agent should do, however it is distorted: the document is the one that it holds, of the
 * highest revision that there can be, and the action is one that there isn't.
 */
final class Attempts {
  private static final String PACKAGE = "upm.agent.v1.";
  private static final List<Ending> ENDINGS =
      List.of(
          Ending.CLOSED,
          Ending.CLOSED,
          Ending.CLOSED,
          Ending.CLOSED,
          Ending.DROPPED,
          Ending.LEFT_OPEN);

  private final RandomGenerator random;
  private final List<Good> good;
  private int made;

  /** A call that is as it should be. */
  private record Good(String method, byte[] message) {
    static Good of(String method, MessageLite.Builder message) {
      return new Good(PACKAGE + method, message.build().toByteArray());
    }
  }

  /**
   * @param held the document that the agent holds
   * @param active the plugin in use
   * @param known an operation that has ended
   */
  Attempts(long seed, InstanceDocument held, PluginKey active, String known) {
    this.random = new SplittableRandom(seed);
    String text = InstanceDocuments.write(held);
    var plugin = Caller.ref(active);
    this.good =
        List.of(
            Good.of("InstanceService/Configure", ConfigureRequest.newBuilder().setDocument(text)),
            Good.of("InstanceService/Watch", WatchRequest.newBuilder().setHeartbeatMillis(60_000)),
            Good.of("InstanceService/Restart", RestartRequest.newBuilder().setRevision(1)),
            Good.of("PluginService/Inventory", InventoryRequest.newBuilder()),
            Good.of("PluginService/Push", PushRequest.newBuilder().setRef(plugin)),
            Good.of("PluginService/Push", PushRequest.newBuilder().setChunk(someBytes())),
            Good.of("PluginService/Activate", ActivateRequest.newBuilder().setRef(plugin)),
            Good.of("PluginService/Drop", DropRequest.newBuilder().setDigest(active.digest())),
            Good.of(
                "ActionService/Begin",
                BeginRequest.newBuilder()
                    .setOperation("unwanted")
                    .setAction("no-such-action")
                    .setParameters("{\"text\": \"x\"}")
                    .putSecrets("key", ByteString.copyFromUtf8("value"))),
            Good.of("ActionService/Follow", FollowRequest.newBuilder().setOperation(known)),
            Good.of("ActionService/Cancel", CancelRequest.newBuilder().setOperation(known)));
  }

  private static ByteString someBytes() {
    return ByteString.copyFrom(new byte[5000]);
  }

  Attempt next() {
    Good call = any(good);
    var messages = new ArrayList<byte[]>();
    for (int left = count(); left > 0; left--) {
      // One in ten is that of another method.
      Good meant = random.nextInt(10) == 0 ? any(good) : call;
      messages.add(distortion().of(meant.message(), random));
    }
    return new Attempt(made++, method(call.method()), messages, any(ENDINGS));
  }

  /** Mostly one, as nearly all methods take. */
  private int count() {
    int draw = random.nextInt(20);
    return draw < 16 ? 1 : draw - 16;
  }

  /** Long ones are rare: they would be all that the time goes into. */
  private Distortion distortion() {
    return switch (random.nextInt(200)) {
      case 0 -> Distortion.OVERSIZED;
      case 1, 2, 3 -> Distortion.LONG;
      default -> Distortion.values()[random.nextInt(Distortion.LONG.ordinal())];
    };
  }

  private String method(String name) {
    return switch (random.nextInt(30)) {
      case 0 -> name.toLowerCase(Locale.ROOT);
      case 1 -> name.substring(random.nextInt(name.length()));
      case 2 -> name + "/../" + random.nextInt();
      case 3 -> "grpc.health.v1.Health/Check";
      default -> name;
    };
  }

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
