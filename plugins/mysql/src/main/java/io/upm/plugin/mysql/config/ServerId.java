package io.upm.plugin.mysql.config;

import io.upm.spi.instance.Instance;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * {@code server_id}: must differ between all servers that replicate from one another, and must not
 * change while a server lives, or its own transactions come back to it as somebody else's.
 *
 * <p>The low ten bits are the ordinal plus one, so within a set it can't collide. The high 22 bits
 * are a hash of namespace and set, so that servers of different sets, one of which may be the
 * source of the other one day, differ too, but for one chance in four million.
 */
final class ServerId {
  static final int MOST_UNITS = 1023;

  private ServerId() {}

  static long of(Instance.Identity identity) {
    var hash = new CRC32();
    hash.update((identity.namespace() + "/" + identity.set()).getBytes(StandardCharsets.UTF_8));
    return (hash.getValue() & 0xFFFF_FC00L) | (identity.ordinal() + 1);
  }
}
