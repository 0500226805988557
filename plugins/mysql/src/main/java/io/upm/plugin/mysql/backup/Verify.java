package io.upm.plugin.mysql.backup;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.upm.spi.action.ActionContext;
import io.upm.spi.action.ActionDescriptor;
import io.upm.spi.action.ActionDescriptor.Engine;
import io.upm.spi.action.ActionResult;
import io.upm.spi.action.AgentAction;
import io.upm.spi.store.StoredObject;
import jakarta.validation.constraints.NotBlank;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a whole backup and looks whether it is still what was stored, and can be decrypted. */
public final class Verify implements AgentAction<Verify.Wanted> {
  /**
   * Parameters of the action.
   *
   * @param source place of the backup
   * @param endpoint URL of the store
   * @param region its region
   */
  public record Wanted(
      @JsonPropertyDescription("Place of the backup, as its action told it.") @NotBlank
          String source,
      @JsonPropertyDescription("URL of the S3 store; that of AWS without it.")
          @Nullable String endpoint,
      @JsonPropertyDescription("Region of the bucket; us-east-1 without it.")
          @Nullable String region) {}

  @Override
  public ActionDescriptor<Wanted> descriptor() {
    return new ActionDescriptor<>("verify", Wanted.class, false, Engine.ANY, true);
  }

  @Override
  public ActionResult run(Wanted wanted, ActionContext context) {
    Source source = Source.find(wanted.source(), wanted.endpoint(), wanted.region(), context);
    long total = source.bytes();
    long before = 0;
    for (StoredObject object : source.objects()) {
      long sum = before;
      source
          .store()
          .check(
              object,
              source.encoding(object),
              bytes -> context.progress(new ActionContext.Progress(sum + bytes, total, "reads")));
      before += object.bytes();
    }
    return new ActionResult(
        "backup %s is as it was stored".formatted(source.place()),
        Map.of("bytes", String.valueOf(total)));
  }
}
