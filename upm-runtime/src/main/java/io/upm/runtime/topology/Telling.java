package io.upm.runtime.topology;

import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells a listener of every object that came, went, or changed in a way that matters.
 *
 * @param matters whether the difference between two states of an object does
 */
record Telling<T>(Consumer<? super T> listener, BiPredicate<? super T, ? super T> matters)
    implements ResourceEventHandler<T> {
  @Override
  public void onAdd(T object) {
    listener.accept(object);
  }

  @Override
  public void onUpdate(T before, T after) {
    if (matters.test(before, after)) {
      listener.accept(after);
    }
  }

  @Override
  public void onDelete(@Nullable T object, boolean unknownLastState) {
    if (object != null) {
      listener.accept(object);
    }
  }
}
