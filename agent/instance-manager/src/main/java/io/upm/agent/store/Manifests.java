package io.upm.agent.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.upm.spi.PluginException;
import io.upm.spi.store.BackupManifest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Manifests as JSON, for people to read, too. */
final class Manifests {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          // A later one may say more.
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private Manifests() {}

  static byte[] write(BackupManifest manifest) {
    try {
      return JSON.writeValueAsBytes(manifest);
    } catch (JsonProcessingException e) {
      throw PluginException.internal("the manifest can't be written", e);
    }
  }

  static BackupManifest read(String key, byte @Nullable [] content) {
    BackupManifest manifest;
    try {
      manifest = JSON.readValue(content == null ? new byte[0] : content, BackupManifest.class);
    } catch (IOException e) {
      throw PluginException.user("%s is damaged: it is no manifest".formatted(key), e);
    }
    if (manifest.format() != BackupManifest.FORMAT) {
      throw PluginException.user(
          "%s has format %d; this version reads %d"
              .formatted(key, manifest.format(), BackupManifest.FORMAT));
    }
    return manifest;
  }
}
