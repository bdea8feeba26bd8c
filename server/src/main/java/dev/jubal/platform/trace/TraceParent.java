package dev.jubal.platform.trace;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code traceparent} of the W3C's Trace Context, level 1: version, ids and flags.
 *
 * @param traceId 32 hexadecimal digits
 * @param spanId 16 of them
 * @param sampled whether whoever sent it exports its own part
 */
record TraceParent(String traceId, String spanId, boolean sampled) {
  /** Later versions may have more behind the flags, and no version is ff. */
  private static final Pattern FORM =
      Pattern.compile("(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

  /** Of the header; empty when there is none or it is none. */
  static Optional<TraceParent> of(@Nullable String header) {
    if (header == null || header.length() > 512) {
      return Optional.empty();
    }
    Matcher m = FORM.matcher(header.strip());
    if (!m.matches() || (m.group(1).equals("00") && m.group(5) != null)) {
      return Optional.empty();
    }
    String trace = m.group(2);
    String span = m.group(3);
    if (trace.matches("0+") || span.matches("0+")) {
      return Optional.empty();
    }
    boolean sampled = (Integer.parseInt(m.group(4), 16) & 1) != 0;
    return Optional.of(new TraceParent(trace, span, sampled));
  }
}
