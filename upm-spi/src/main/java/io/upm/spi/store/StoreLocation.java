package io.upm.spi.store;

import io.upm.spi.Password;
import java.util.Objects;

/**
 * A bucket of an S3 store, and who may use it.
 *
 * @param endpoint URL of the store; empty for that of AWS in the region
 * @param region region of the bucket
 * @param bucket its name
 * @param authority certificate in PEM that the store's own is signed with; empty for the well-known
 *     authorities
 * @param accessKey name of the key to it
 * @param secretKey the key itself
 */
public record StoreLocation(
    String endpoint,
    String region,
    String bucket,
    String authority,
    String accessKey,
    Password secretKey) {
  public StoreLocation {
    Objects.requireNonNull(endpoint, "endpoint");
    Objects.requireNonNull(region, "region");
    Objects.requireNonNull(bucket, "bucket");
    Objects.requireNonNull(authority, "authority");
    Objects.requireNonNull(accessKey, "accessKey");
    Objects.requireNonNull(secretKey, "secretKey");
  }
}
