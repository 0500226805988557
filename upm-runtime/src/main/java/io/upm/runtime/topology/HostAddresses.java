package io.upm.runtime.topology;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Addresses of host names. */
interface HostAddresses {
  /** Addresses of a host, sorted, all of one family; empty when they can't be found. */
  List<String> of(String host) throws InterruptedException;

  /** Asks the system's resolver, and waits two seconds at most. */
  static HostAddresses system() {
    Logger log = LoggerFactory.getLogger(HostAddresses.class);
    return host -> {
      try {
        InetAddress[] found =
            Attempt.start("resolve-" + host, () -> InetAddress.getAllByName(host))
                .within(Duration.ofSeconds(2));
        return oneFamily(Arrays.stream(found).map(InetAddress::getHostAddress).sorted().toList());
      } catch (ExecutionException | TimeoutException e) {
        log.debug("host {} has no address", host, e);
        return List.of();
      }
    };
  }

  private static List<String> oneFamily(List<String> addresses) {
    List<String> ipv4 = addresses.stream().filter(address -> !address.contains(":")).toList();
    return ipv4.isEmpty() ? addresses : ipv4;
  }
}
