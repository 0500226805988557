package io.upm.runtime.validation;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;

/** Quantities as Kubernetes writes them. */
public final class Sizes {
  /** What is allowed where a size is expected. */
  public static final String ALLOWED =
      "a number of bytes with Ki, Mi, Gi, Ti, Pi, Ei, k, M, G, T, P or E, such as 10Gi";

  private static final Pattern QUANTITY =
      Pattern.compile("\\d{1,18}(\\.\\d{1,9})?(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][-+]?\\d{1,2})?");
  private static final Pattern FRACTION = Pattern.compile(".*[num]");

  private Sizes() {}

  /** The amount that a text stands for, in the base unit; empty when it is no quantity. */
  public static Optional<BigDecimal> parse(String text) {
    if (!QUANTITY.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Quantity(text).getNumericalAmount());
    } catch (ArithmeticException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** A number of bytes above nothing. */
  public static Optional<BigDecimal> bytes(String text) {
    return FRACTION.matcher(text).matches()
        ? Optional.empty()
        : parse(text).filter(amount -> amount.signum() > 0);
  }

  /** As Kubernetes writes it. */
  public static String text(Quantity quantity) {
    return quantity.toString();
  }
}
