package io.upm.agent.train;

import io.upm.spi.instance.ProcessRunner;
import io.upm.spi.instance.ProcessSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A certificate that signs itself and stands for agent, runtime and authority alike. Lives for as
 * long as a training run; made by the JDK's own tool, since this needs nothing else.
 */
record TrainingCertificate(String certificate, String key) {
  private static final String ALIAS = "training";

  static TrainingCertificate make(Path directory, ProcessRunner processes)
      throws IOException, GeneralSecurityException {
    Path store = directory.resolve("training.p12");
    String password = UUID.randomUUID().toString();
    Path secret = Files.writeString(directory.resolve("training.secret"), password);
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var command =
        List.of(
            keytool,
            "-genkeypair",
            "-alias",
            ALIAS,
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-dname",
            "CN=training",
            "-validity",
            "1",
            "-storetype",
            "PKCS12",
            "-ext",
            "san=uri:spiffe://upm/runtime,dns:localhost",
            "-keystore",
            store.toString(),
            "-storepass:file",
            secret.toString());
    var made =
        processes.run(
            new ProcessSpec(command, Map.of(), directory), new byte[0], Duration.ofMinutes(1));
    if (!made.succeeded()) {
      throw new IOException("keytool: " + made.output());
    }
    KeyStore keys = KeyStore.getInstance(store.toFile(), password.toCharArray());
    return new TrainingCertificate(
        pem("CERTIFICATE", keys.getCertificate(ALIAS).getEncoded()),
        pem("PRIVATE KEY", keys.getKey(ALIAS, password.toCharArray()).getEncoded()));
  }

  /** As the mounted Secret. */
  void writeTo(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("tls.crt"), certificate);
    Files.writeString(directory.resolve("tls.key"), key);
    Files.writeString(directory.resolve("ca.crt"), certificate);
  }

  private static String pem(String kind, byte[] content) {
    String lines =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.UTF_8)).encodeToString(content);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, lines, kind);
  }
}
