package io.upm.spi.topology;

/** Something done with one node over the network; opens what it needs and closes it again. */
@FunctionalInterface
public interface NodeCall<T> {
  /**
   * @throws Exception any failure makes the node unknown (reads) or fails the step (writes)
   */
  T on(Node node) throws Exception;
}
