package dev.jubal.platform.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpRequestWriter;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import dev.jubal.proto.xai.ChatGrpc;
import dev.jubal.proto.xai.GetCompletionsRequest;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.Rpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the head of an HTTP/2 stream tells is answered before there is a message or a body. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RpcDoorTest {
  private JubalServer server;
  private WebClient client;

  @BeforeAll
  void start() {
    server = JubalServer.scripted("{\"answers\":[{\"steps\":[{\"text\":\"Hi\"}]}]}");
    client = WebClient.of("h2c://127.0.0.1:" + server.port());
  }

  @AfterAll
  void stop() {
    server.close();
  }

  /** The answer to a head alone; the body is sent when it is there. */
  private AggregatedHttpResponse headOnly(String path, String type, String key, int afterwards)
      throws Exception {
    RequestHeadersBuilder head =
        RequestHeaders.builder(HttpMethod.POST, path)
            .add("content-type", type)
            .add("te", "trailers");
    if (!key.isEmpty()) {
      head.add("authorization", "Bearer " + key);
    }
    HttpRequestWriter request = HttpRequest.streaming(head.build());
    AggregatedHttpResponse answer = client.execute(request).aggregate().get(20, TimeUnit.SECONDS);
    var _ = request.tryWrite(HttpData.wrap(new byte[afterwards]));
    request.close();
    return answer;
  }

  @Test
  void aCallWithoutAKnownKeyIsUnauthenticatedOnItsHead() throws Exception {
    for (String method : new String[] {"GetCompletion", "GetCompletionChunk"}) {
      for (String key : new String[] {"", "xai-nobody"}) {
        AggregatedHttpResponse answer =
            headOnly("/xai_api.Chat/" + method, "application/grpc", key, 100);
        assertEquals(200, answer.status().code());
        assertEquals("16", answer.headers().get("grpc-status"));
        assertNotNull(answer.headers().get("grpc-status-details-bin"));
        assertNotNull(answer.headers().get("x-request-id"));
      }
    }
  }

  @Test
  void aMethodThatNobodyHasIsUnimplementedOnItsHead() throws Exception {
    AggregatedHttpResponse answer =
        headOnly("/xai_api.Chat/Nothing", "application/grpc+proto", "", 100);
    assertEquals("12", answer.headers().get("grpc-status"));
  }

  @Test
  void aRequestWithoutAKnownKeyIs401OnItsHead() throws Exception {
    AggregatedHttpResponse answer =
        headOnly("/v1/chat/completions", "application/json", "xai-nobody", 1000);
    assertEquals(401, answer.status().code());
    assertTrue(answer.contentUtf8().contains("invalid_api_key"), answer.contentUtf8());
  }

  @Test
  void theStreamOfARefusalEndsAndTheConnectionGoesOn() throws Exception {
    headOnly("/v1/chat/completions", "application/json", "", 3 << 20);
    AggregatedHttpResponse again = headOnly("/v1/chat/completions", "application/json", "", 0);
    assertEquals(401, again.status().code());
  }

  @Test
  void theRefusalIsCountedAsAnyRequest() throws Exception {
    headOnly("/xai_api.Embedder/Embed", "application/grpc", "", 0);
    String metrics = server.http().get("/metrics").body();
    assertTrue(
        metrics
            .lines()
            .anyMatch(l -> l.contains("method=\"GRPC\"") && l.contains("status=\"401\"")),
        metrics);
  }

  @Test
  void whatIsSaidToAClientIsReadByGrpcItself() {
    StatusRuntimeException e =
        assertThrows(
            StatusRuntimeException.class,
            () ->
                ChatGrpc.newBlockingStub(Rpc.channel(server.port(), "xai-nobody"))
                    .getCompletion(
                        GetCompletionsRequest.newBuilder().setModel("m".repeat(3 << 20)).build()));
    assertEquals(Status.Code.UNAUTHENTICATED, e.getStatus().getCode());
    assertTrue(String.valueOf(e.getStatus().getDescription()).contains("Incorrect API key"));
  }
}
