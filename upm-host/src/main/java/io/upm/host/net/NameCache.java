package io.upm.host.net;

import java.security.Security;

/**
 * How long this process keeps what it was told of a name. A Pod that is made anew keeps its name
 * and gets another address; Java would go on calling the old one for 30 seconds, and hold a name
 * that was missing for a moment for missing for 10 (<a
 * href="https://docs.oracle.com/en/java/javase/25/docs/api/java.base/java/net/InetAddress.html">
 * InetAddress</a>, "InetAddress Caching"). The cluster's DNS has a cache of its own.
 */
public final class NameCache {
  private static final int SECONDS = 1;

  private NameCache() {}

  /** To be called before the first name is looked up: Java reads this only once. */
  public static void keepShort() {
    Security.setProperty("networkaddress.cache.ttl", Integer.toString(SECONDS));
    Security.setProperty("networkaddress.cache.negative.ttl", Integer.toString(SECONDS));
  }
}
