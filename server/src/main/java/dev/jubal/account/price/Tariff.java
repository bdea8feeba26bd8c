package dev.jubal.account.price;

import dev.jubal.account.Principal;
import dev.jubal.account.ledger.Price;
import java.time.Instant;
import java.util.List;

/** Prices a request at its admission; what it says stands in the ledger. Thread-safe. */
@FunctionalInterface
public interface Tariff {
  /** The catalogue's prices, the same for everybody. */
  Tariff PUBLISHED = (who, model, published, at) -> newest(published, at);

  /**
   * What a name costs.
   *
   * @param model the catalogue name
   * @param published its prices in the catalogue, oldest first, at least one
   * @throws dev.jubal.platform.error.ApiException when its price is unknown
   */
  Price price(Principal who, String model, List<Price> published, Instant at);

  /** The same for a request whose backend may call tools, which cost the same with every name. */
  default Price withTools(Price price, Principal who, Instant at) {
    return price;
  }

  /** The price that holds at a moment; the oldest one before all of them. */
  static Price newest(List<Price> oldestFirst, Instant at) {
    Price found = oldestFirst.getFirst();
    for (Price price : oldestFirst) {
      if (!price.from().isAfter(at)) {
        found = price;
      }
    }
    return found;
  }
}
