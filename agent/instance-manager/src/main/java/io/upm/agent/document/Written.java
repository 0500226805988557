package io.upm.agent.document;

import io.upm.host.document.InstanceDocument;
import io.upm.host.document.InstanceDocuments;

/**
 * A document and the text that it was read from, which is kept as it came: a newer runtime may have
 * said things in it that only a newer agent will understand.
 */
public record Written(InstanceDocument document, String text) {
  /**
   * Reads a text.
   *
   * @throws IllegalArgumentException when it is not an instance document
   */
  public static Written read(String text) {
    return new Written(InstanceDocuments.read(text), text);
  }
}
