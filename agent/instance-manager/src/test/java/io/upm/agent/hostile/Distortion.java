package io.upm.agent.hostile;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** What becomes of a message on its way from a good caller to a bad one. */
enum Distortion {
  NONE {
    @Override
    byte[] of(byte[] message, RandomGenerator random) {
      return message;
    }
  },
  RANDOM {
    @Override
    byte[] of(byte[] message, RandomGenerator random) {
      byte[] bytes = new byte[random.nextInt(300)];
      random.nextBytes(bytes);
      return bytes;
    }
  },
  TRUNCATED {
    @Override
    byte[] of(byte[] message, RandomGenerator random) {
      return Arrays.copyOf(message, random.nextInt(message.length + 1));
    }
  },
  FLIPPED {
    @Override
    byte[] of(byte[] message, RandomGenerator random) {
      byte[] bytes = message.clone();
      for (int flip = random.nextInt(8); bytes.length > 0 && flip >= 0; flip--) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      return bytes;
    }
  },
  /** Fields twice, or from the middle of another message. */
  DOUBLED {
    @Override
    byte[] of(byte[] message, RandomGenerator random) {
      int from = random.nextInt(message.length + 1);
      byte[] bytes = Arrays.copyOf(message, 2 * message.length - from);
      System.arraycopy(message, from, bytes, message.length, message.length - from);
      return bytes;
    }
  },
  /** A first field that says it is long, and is. */
  LONG {
    @Override
    byte[] of(byte[] message, RandomGenerator random) {
      int length = random.nextInt(1 << 18);
      byte[] bytes = new byte[length + 4];
      Arrays.fill(bytes, (byte) ('a' + random.nextInt(26)));
      bytes[0] = 10;
      bytes[1] = (byte) (length & 0x7f | 0x80);
      bytes[2] = (byte) (length >> 7 & 0x7f | 0x80);
      bytes[3] = (byte) (length >> 14);
      return bytes;
    }
  },
  /** More than any message may have. */
  OVERSIZED {
    @Override
    byte[] of(byte[] message, RandomGenerator random) {
      return new byte[(4 << 20) + 1 + random.nextInt(1 << 16)];
    }
  };

  abstract byte[] of(byte[] message, RandomGenerator random);
}
