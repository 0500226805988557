package io.upm.agent.hostile;

import java.util.random.RandomGenerator;

/** What is said on a connection of its own. */
enum Talk {
  NOISE(false) {
    @Override
    Frames make(RandomGenerator random) {
      return new Frames().noise(random, random.nextInt(2000));
    }
  },
  NOISE_AFTER_PREFACE(false) {
    @Override
    Frames make(RandomGenerator random) {
      return new Frames().preface().noise(random, 9 + random.nextInt(2000));
    }
  },
  ENDLESS_FRAME(false) {
    @Override
    Frames make(RandomGenerator random) {
      return new Frames()
          .preface()
          .endlessFrame(random.nextInt(10), random.nextInt(3))
          .noise(random, 4000);
    }
  },
  RANDOM_FRAMES(false) {
    @Override
    Frames make(RandomGenerator random) {
      Frames frames = new Frames().preface();
      for (int frame = random.nextInt(30); frame >= 0; frame--) {
        frames.randomFrame(random);
      }
      return frames;
    }
  },
  FLIPPED(false) {
    @Override
    Frames make(RandomGenerator random) {
      return new Frames().preface().call(1, CALL).message(1, 0, 0, new byte[0]);
    }

    @Override
    byte[] bytes(RandomGenerator random) {
      return Distortion.FLIPPED.of(super.bytes(random), random);
    }
  },
  MANY_BEGUN_AND_RESET(false) {
    @Override
    Frames make(RandomGenerator random) {
      Frames frames = new Frames().preface();
      for (int stream = 1; stream < 200; stream += 2) {
        frames.call(stream, CALL).reset(stream);
      }
      return frames;
    }
  },
  HUNG_UP(false) {
    @Override
    Frames make(RandomGenerator random) {
      return new Frames().preface().call(1, CALL).call(3, "/upm.agent.v1.PluginService/Push");
    }
  },
  LONG_HEADERS(false) {
    @Override
    Frames make(RandomGenerator random) {
      return new Frames().preface().longCall(1, (8 << 10) + random.nextInt(200_000));
    }
  },
  /** A message that says it is larger than any. */
  WRONG_LENGTH(true) {
    @Override
    Frames make(RandomGenerator random) {
      long length = random.nextBoolean() ? 0xffffffffL : Integer.MAX_VALUE;
      return new Frames().preface().call(1, CALL).message(1, 0, length, new byte[20]);
    }
  },
  /** A message that breaks off. */
  SHORT(true) {
    @Override
    Frames make(RandomGenerator random) {
      return new Frames().preface().call(1, CALL).message(1, 0, 100, new byte[20]);
    }
  },
  /** Compressed without a word how, or worse. */
  WRONG_FLAG(true) {
    @Override
    Frames make(RandomGenerator random) {
      int flag = 1 + random.nextInt(255);
      return new Frames().preface().call(1, CALL).message(1, flag, 20, new byte[20]);
    }
  },
  WRONG_METHOD(true) {
    @Override
    Frames make(RandomGenerator random) {
      return new Frames()
          .preface()
          .call(1, "/upm.agent.v1.Nothing/" + random.nextInt())
          .message(1, 0, 0, new byte[0]);
    }
  };

  private static final String CALL = "/upm.agent.v1.PluginService/Inventory";

  /** A frame RST_STREAM of stream 1, which clients take for a status. */
  private static final String RESET = "\0\0\4\3\0\0\0\0\1";

  private final boolean answered;

  Talk(boolean answered) {
    this.answered = answered;
  }

  /** Whether the other side said what became of the call; if there is none, it may hang up. */
  boolean isAnswered(String heard) {
    return !answered || heard.contains("grpc-status") || heard.contains(RESET);
  }

  byte[] bytes(RandomGenerator random) {
    return make(random).bytes();
  }

  abstract Frames make(RandomGenerator random);
}
