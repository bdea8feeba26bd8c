package dev.jubal.api;

import dev.jubal.account.ledger.Service;
import org.jspecify.annotations.Nullable;

/** The field {@code service_tier} of requests and answers. */
public final class ServiceTiers {
  private ServiceTiers() {}

  /** What a request asks for: fast is another word for priority. */
  public static Service asked(@Nullable String tier) {
    return "priority".equals(tier) || "fast".equals(tier) ? Service.PRIORITY : Service.DEFAULT;
  }

  /** What an answer says that it was. */
  public static String shown(Service service) {
    return service == Service.PRIORITY ? "priority" : "default";
  }
}
