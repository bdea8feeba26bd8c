package dev.jubal.account.ledger;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.math.BigDecimal;

/** US dollars as people write them, and ticks of 1e-10 USD. */
public final class Usd {
  private static final int DIGITS = 10;
  private static final long MILLION = 1_000_000;

  private Usd() {}

  /**
   * Ticks of an amount such as 12.50.
   *
   * @throws ApiException 400 that names the field, for what is no amount or finer than a tick
   */
  public static long ticks(String field, String text) {
    try {
      return new BigDecimal(text.strip()).movePointRight(DIGITS).longValueExact();
    } catch (ArithmeticException | NumberFormatException e) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          field,
          field + ": \"" + text + "\" (expected: an amount in USD such as 12.50).");
    }
  }

  /** An amount with as many digits as it has. */
  public static String text(long ticks) {
    return BigDecimal.valueOf(ticks, DIGITS).stripTrailingZeros().toPlainString();
  }

  /** USD per million tokens, of ticks a token. */
  public static String perMillion(long ticksAToken) {
    return text(Math.multiplyExact(ticksAToken, MILLION));
  }
}
