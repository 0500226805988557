package io.upm.runtime.admission;

import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the API server which authority issued the webhook's certificate. The configuration itself
 * is installed with the runtime; without it there is no webhook, which is fine.
 */
public final class WebhookRegistration {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookRegistration.class);

  private final KubernetesClient client;
  private final String name;
  private final String bundle;

  /**
   * The registration.
   *
   * @param name name of the ValidatingWebhookConfiguration
   * @param authorityPem certificate of the authority
   */
  public WebhookRegistration(KubernetesClient client, String name, String authorityPem) {
    this.client = client;
    this.name = name;
    this.bundle =
        Base64.getEncoder().encodeToString(authorityPem.getBytes(StandardCharsets.US_ASCII));
  }

  /** Writes the authority where another one or none stands. */
  public void ensure() {
    var resource =
        client.admissionRegistration().v1().validatingWebhookConfigurations().withName(name);
    ValidatingWebhookConfiguration found = resource.get();
    if (found == null) {
      LOG.debug("there is no ValidatingWebhookConfiguration {}", name);
      return;
    }
    var changes = new ArrayList<String>();
    List<ValidatingWebhook> webhooks = found.getWebhooks();
    for (int index = 0; index < webhooks.size(); index++) {
      if (!bundle.equals(webhooks.get(index).getClientConfig().getCaBundle())) {
        changes.add(
            "{\"op\":\"add\",\"path\":\"/webhooks/%d/clientConfig/caBundle\",\"value\":\"%s\"}"
                .formatted(index, bundle));
      }
    }
    if (!changes.isEmpty()) {
      LOG.info("registering the webhook's authority in {}", name);
      resource.patch(PatchContext.of(PatchType.JSON), "[" + String.join(",", changes) + "]");
    }
  }
}
