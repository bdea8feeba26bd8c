package dev.jubal.account.price;

import dev.jubal.platform.config.Key;

/** What is done about prices. */
public record PriceConfig(
    @Key(
            value = "refuse",
            doc =
                "What happens to a request for a name whose price nobody knows: refuse = 403 that"
                    + " says how to set one; flag = it passes at a cost of 0, and its row in the"
                    + " ledger and the metric jubal_price_unknown_total say so.")
        Unknown unknown) {
  /** What is done about an unknown price. */
  public enum Unknown {
    REFUSE,
    FLAG
  }

  public static final PriceConfig STANDARD = new PriceConfig(Unknown.REFUSE);
}
