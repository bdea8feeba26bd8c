package dev.jubal.api.billing;

import dev.jubal.account.ledger.UsageReader;
import dev.jubal.platform.http.Exchange;
import dev.jubal.platform.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Usage as CSV or JSON, sent while it is read. Short ones go out whole, with their length; of what
 * fails before the first bytes have left the client gets an error as of any other answer.
 */
final class ExportBody {
  private static final int ENOUGH = 32 * 1024;
  private static final String HEAD =
      "start,key,project,model,endpoint,requests,failures,prompt_tokens,cached_tokens,"
          + "image_tokens,completion_tokens,reasoning_tokens,cost_in_usd_ticks\r\n";

  private final Exchange out;
  private final boolean csv;
  private final StringBuilder waiting = new StringBuilder();
  private boolean any;
  private Exchange.@Nullable Pieces pieces;

  ExportBody(Exchange out, boolean csv) {
    this.out = out;
    this.csv = csv;
    waiting.append(csv ? HEAD : "{\"usage\":[");
  }

  /** Adds lines; blocks while the client takes its time. */
  void add(List<UsageReader.Line> lines) {
    for (UsageReader.Line line : lines) {
      if (csv) {
        csv(exported(line));
      } else {
        waiting.append(any ? "," : "").append(Json.string(exported(line)));
      }
      any = true;
      if (waiting.length() >= ENOUGH) {
        send();
      }
    }
    if (pieces != null || waiting.length() >= ENOUGH) {
      send();
    }
  }

  private String type() {
    return csv ? "text/csv; charset=utf-8" : "application/json";
  }

  private void send() {
    Exchange.Pieces to = pieces;
    if (to == null) {
      to = out.pieces(type());
      pieces = to;
    }
    if (!waiting.isEmpty()) {
      to.write(waiting.toString().getBytes(StandardCharsets.UTF_8));
      waiting.setLength(0);
    }
  }

  /** Ends it. */
  void end() {
    waiting.append(csv ? "" : "]}");
    if (pieces == null) {
      out.text(200, type(), waiting.toString());
      return;
    }
    send();
    pieces.close();
  }

  /** A client that has seen its beginning must not take it for the whole. */
  void failed(RuntimeException e) {
    if (pieces != null) {
      pieces.giveUp(e);
    }
  }

  private static BillingWire.Exported exported(UsageReader.Line l) {
    return new BillingWire.Exported(
        l.start().toString(),
        l.group().get(0),
        l.group().get(1),
        l.group().get(2),
        l.group().get(3),
        l.requests(),
        l.failures(),
        l.usage().prompt(),
        l.usage().cached(),
        l.usage().image(),
        l.usage().completion(),
        l.usage().reasoning(),
        l.costTicks());
  }

  private void csv(BillingWire.Exported l) {
    waiting
        .append(String.join(",", quoted(l.start()), quoted(l.key()), quoted(l.project())))
        .append(',')
        .append(String.join(",", quoted(l.model()), quoted(l.endpoint())));
    for (long n :
        new long[] {
          l.requests(),
          l.failures(),
          l.promptTokens(),
          l.cachedTokens(),
          l.imageTokens(),
          l.completionTokens(),
          l.reasoningTokens(),
          l.costInUsdTicks()
        }) {
      waiting.append(',').append(n);
    }
    waiting.append("\r\n");
  }

  private static String quoted(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!plain(text.charAt(i))) {
        return '"' + text.replace("\"", "\"\"") + '"';
      }
    }
    return text;
  }

  private static boolean plain(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "._:/+ -".indexOf(c) >= 0;
  }
}
