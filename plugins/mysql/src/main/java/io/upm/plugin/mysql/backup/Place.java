package io.upm.plugin.mysql.backup;

import io.upm.spi.Password;
import io.upm.spi.PluginException;
import io.upm.spi.Problem;
import io.upm.spi.action.ActionContext;
import io.upm.spi.instance.Instance;
import io.upm.spi.store.EncryptionKey;
import io.upm.spi.store.StoreLocation;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where in which store something is, as users write it.
 *
 * @param bucket the bucket
 * @param prefix beginning of keys; empty, or with a slash at its end
 */
record Place(String bucket, String prefix) {
  /** Of the Secret that {@code secretRef} names. */
  static final String ACCESS_KEY = "accessKey";

  static final String SECRET_KEY = "secretKey";
  static final String AUTHORITY = "ca.crt";
  static final String ENCRYPTION_KEY = "encryptionKey";

  private static final DateTimeFormatter FOLDER =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final String REGION = "us-east-1";

  // Bucket names: Amazon S3 user guide, "Bucket naming rules".
  private static final Pattern FORM =
      Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([\\w!.*'()/=+@:, -]{0,800}))?");

  /**
   * Reads a place.
   *
   * @param field name of the parameter
   * @throws PluginException of kind USER when it is none
   */
  static Place of(String field, @Nullable String text) {
    Matcher form = FORM.matcher(text == null ? "" : text);
    if (!form.matches()) {
      throw wrong(field, text, "a place such as s3://bucket/folder/");
    }
    String path = form.group(2) == null ? "" : form.group(2);
    return new Place(form.group(1), path.isEmpty() || path.endsWith("/") ? path : path + "/");
  }

  /** A place below this one. */
  Place below(String folder) {
    return new Place(bucket, prefix + folder + "/");
  }

  /** What this one is below of. */
  Place parent() {
    int end = prefix.lastIndexOf('/', prefix.length() - 2);
    return new Place(bucket, prefix.substring(0, end + 1));
  }

  /** Where the backups of a unit's set are, below this one. */
  Place of(Instance.Identity who) {
    return below(who.namespace()).below(who.set());
  }

  /** A new backup of a unit, below where those of its set are; later ones sort after it. */
  Place at(Instant began, Instance.Identity who) {
    return below(FOLDER.format(began) + "-" + who.unit());
  }

  @Override
  public String toString() {
    return "s3://" + bucket + "/" + prefix;
  }

  /** The store, with what the user's Secret holds for it. */
  StoreLocation location(
      @Nullable String endpoint, @Nullable String region, ActionContext context) {
    return new StoreLocation(
        endpoint(endpoint),
        region == null || region.isBlank() ? REGION : region,
        bucket,
        context.secret(AUTHORITY).map(Password::reveal).orElse(""),
        required(ACCESS_KEY, context).reveal(),
        required(SECRET_KEY, context));
  }

  private static String endpoint(@Nullable String given) {
    String text = given == null ? "" : given.strip();
    if (!text.isEmpty()) {
      String scheme = scheme(text).toLowerCase(Locale.ROOT);
      if (!scheme.equals("https") && !scheme.equals("http")) {
        throw wrong("endpoint", given, "a URL such as https://s3.example.com");
      }
    }
    return text;
  }

  private static String scheme(String text) {
    try {
      URI uri = URI.create(text);
      return uri.getHost() == null || uri.getScheme() == null ? "" : uri.getScheme();
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private static Password required(String key, ActionContext context) {
    return context
        .secret(key)
        .filter(value -> !value.isEmpty())
        .orElseThrow(() ->
            PluginException.user(
                "spec.secretRef: it must name a Secret with the keys %s and %s; %s is missing"
                    .formatted(ACCESS_KEY, SECRET_KEY, key)));
  }

  /** The user's key, if the Secret has one. */
  static Optional<EncryptionKey> encryptionKey(ActionContext context) {
    try {
      return context.secret(ENCRYPTION_KEY).map(EncryptionKey::of);
    } catch (IllegalArgumentException e) {
      throw PluginException.user(
          "spec.secretRef: key %s of the Secret is not %s"
              .formatted(ENCRYPTION_KEY, e.getMessage()),
          e);
    }
  }

  static PluginException wrong(String field, @Nullable String value, String allowed) {
    return PluginException.user(
        new Problem("spec.parameters." + field, value == null ? "" : value, allowed).sentence());
  }
}
