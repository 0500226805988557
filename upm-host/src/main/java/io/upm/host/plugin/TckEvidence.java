package io.upm.host.plugin;

import io.upm.host.plugin.TckReport.Content;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The report in a plugin's zip, if it is one about this zip.
 *
 * @param report empty when there is none that counts
 * @param sentence what it says, or why none counts
 * @param signed the report with its signature, if it has one; who may sign is not known here
 */
public record TckEvidence(Optional<TckReport> report, String sentence, Optional<Signed> signed) {
  private static final int MAX_BYTES = 64 << 10;
  private static final String CLASSES = "classes/";

  /**
   * What a key vouches for.
   *
   * @param signature over the content, in base64 or as it is
   */
  public record Signed(byte[] content, byte[] signature) {
    public Signed {
      content = content.clone();
      signature = signature.clone();
    }
  }

  static TckEvidence in(ZipFile zip) throws IOException {
    ZipEntry entry = zip.getEntry(TckReport.ENTRY);
    if (entry == null) {
      return none("no TCK report");
    }
    byte[] json = read(zip, entry, MAX_BYTES);
    ZipEntry beside = zip.getEntry(TckReport.SIGNATURE);
    Optional<Signed> signed =
        beside == null
            ? Optional.empty()
            : Optional.of(new Signed(json, read(zip, beside, MAX_BYTES)));
    Optional<TckReport> report = TckReport.parse(json);
    if (report.isEmpty()) {
      return none("a TCK report that can't be understood");
    }
    return report.get().classes().equals(digest(zip))
        ? new TckEvidence(
            report, report.get().sentence() + (signed.isPresent() ? ", signed" : ""), signed)
        : none("a TCK report of other classes than these: it was built without its tests");
  }

  private static TckEvidence none(String why) {
    return new TckEvidence(Optional.empty(), why, Optional.empty());
  }

  private static String digest(ZipFile zip) throws IOException {
    var files = new TreeMap<String, Content>();
    zip.stream()
        .filter(entry -> entry.getName().startsWith(CLASSES) && !entry.isDirectory())
        .forEach(entry ->
            files.put(
                entry.getName().substring(CLASSES.length()),
                () -> read(zip, entry, Integer.MAX_VALUE)));
    return TckReport.digest(files);
  }

  private static byte[] read(ZipFile zip, ZipEntry entry, int limit) throws IOException {
    try (InputStream content = zip.getInputStream(entry)) {
      return content.readNBytes(limit);
    }
  }
}
