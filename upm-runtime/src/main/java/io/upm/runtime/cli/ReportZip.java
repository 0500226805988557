package io.upm.runtime.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The zip of a report. Nothing gets into it that wasn't redacted. */
final class ReportZip implements AutoCloseable {
  private final ZipOutputStream zip;
  private final Redaction redaction;

  /**
   * A new zip, which only its maker may read.
   *
   * @throws java.nio.file.FileAlreadyExistsException when there is such a file
   */
  ReportZip(Path file, Redaction redaction) throws IOException {
    OutputStream stream =
        java.nio.channels.Channels.newOutputStream(
            Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rw-------"))));
    this.zip = new ZipOutputStream(stream, StandardCharsets.UTF_8);
    this.redaction = redaction;
  }

  Redaction redaction() {
    return redaction;
  }

  void put(String path, String text) throws IOException {
    zip.putNextEntry(new ZipEntry(path));
    zip.write(redaction.text(text).getBytes(StandardCharsets.UTF_8));
    zip.closeEntry();
  }

  /** Objects, which were redacted field by field: names of Secrets are to be seen. */
  void putRedacted(String path, String text) throws IOException {
    zip.putNextEntry(new ZipEntry(path));
    zip.write(text.getBytes(StandardCharsets.UTF_8));
    zip.closeEntry();
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
