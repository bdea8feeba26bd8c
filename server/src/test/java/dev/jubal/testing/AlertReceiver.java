package dev.jubal.testing;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.Server;
import dev.jubal.platform.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;

/** Takes signed calls, and fails as often as it is told to. */
public final class AlertReceiver implements AutoCloseable {
  private final List<AggregatedHttpRequest> seen = new CopyOnWriteArrayList<>();
  private final AtomicInteger failures = new AtomicInteger();
  private final Server server;

  public AlertReceiver() {
    this.server =
        Server.builder()
            .http(0)
            .service(
                "prefix:/", (ctx, req) -> HttpResponse.of(req.aggregate().thenApply(this::receive)))
            .build();
    server.start().join();
  }

  private HttpResponse receive(AggregatedHttpRequest request) {
    seen.add(request);
    return HttpResponse.of(
        failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0
            ? HttpStatus.INTERNAL_SERVER_ERROR
            : HttpStatus.NO_CONTENT);
  }

  /** Answers so many calls with 500. */
  public void fail(int calls) {
    failures.set(calls);
  }

  public String url() {
    return "http://127.0.0.1:" + server.activeLocalPort() + "/hook?token=not-to-be-shown";
  }

  public int count() {
    return seen.size();
  }

  public AggregatedHttpRequest call(int n) {
    return seen.get(n);
  }

  /** What the body of a call tells. */
  public JsonNode told(int n) {
    return Json.tree(seen.get(n).content().array());
  }

  /** The signature that a call should have. */
  public static String signature(String secret, AggregatedHttpRequest request) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(
        new SecretKeySpec(
            Base64.getDecoder().decode(secret.substring("whsec_".length())), "HmacSHA256"));
    String signed =
        request.headers().get("webhook-id")
            + "."
            + request.headers().get("webhook-timestamp")
            + "."
            + request.contentUtf8();
    return "v1,"
        + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public void close() {
    server.stop().join();
  }
}
