package io.upm.runtime.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Whether something on all units is as the spec wants it. */
public enum SyncState {
  @JsonProperty("Synced")
  SYNCED("Synced"),
  @JsonProperty("NotSynced")
  NOT_SYNCED("NotSynced"),
  @JsonProperty("Syncing")
  SYNCING("Syncing");

  private final String text;

  SyncState(String text) {
    this.text = text;
  }

  /**
   * Reads what the former operator wrote, which is an object, as unknown: one object that can't be
   * read would stop the informer of them all.
   */
  static final class Lenient extends StdDeserializer<SyncState> {
    private static final long serialVersionUID = 1L;

    Lenient() {
      super(SyncState.class);
    }

    @Override
    public @Nullable SyncState deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (!parser.currentToken().isScalarValue()) {
        parser.skipChildren();
        return null;
      }
      String value = parser.getValueAsString("");
      return Arrays.stream(values())
          .filter(state -> state.text.equals(value))
          .findFirst()
          .orElse(null);
    }
  }
}
