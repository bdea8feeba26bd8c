package dev.jubal.bench.server;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import dev.jubal.platform.json.Json;
import dev.jubal.proto.xai.Content;
import dev.jubal.proto.xai.GetCompletionsRequest;
import dev.jubal.proto.xai.Message;
import dev.jubal.proto.xai.MessageRole;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The same question as one dialect asks it.
 *
 * @param name of the dialect
 * @param path of the request
 * @param type its content type
 * @param body its bytes
 */
record Asked(String name, String path, String type, byte[] body) {
  private static final String MODEL = "grok-4-fast-non-reasoning";
  private static final String JSON = "application/json";
  private static final String GRPC = "application/grpc";
  private static final int FRAME_HEAD = 5;

  /** The question in every dialect, chat first; nothing of it is stored. */
  static List<Asked> all(Work work) {
    String mark = work.mark();
    List<Map<String, String>> messages = List.of(Map.of("role", "user", "content", mark));
    return List.of(
        json("chat", ServerBench.CHAT, work, Map.of("messages", messages)),
        json("completions", "/v1/completions", work, Map.of("prompt", mark)),
        json("responses", "/v1/responses", work, Map.of("input", mark, "store", false)),
        json("messages", "/v1/messages", work, Map.of("messages", messages, "max_tokens", 256)),
        json(
            "complete",
            "/v1/complete",
            work,
            Map.of("prompt", "\n\nHuman: " + mark + "\n\nAssistant:", "max_tokens_to_sample", 256)),
        new Asked(
            "grpc",
            "/xai_api.Chat/" + (work.stream() ? "GetCompletionChunk" : "GetCompletion"),
            GRPC,
            grpc(mark)));
  }

  private static Asked json(String name, String path, Work work, Map<String, Object> fields) {
    Map<String, Object> body = new TreeMap<>(fields);
    body.put("model", MODEL);
    body.put("stream", work.stream());
    return new Asked(name, path, JSON, Json.bytes(body));
  }

  private static byte[] grpc(String mark) {
    byte[] message =
        GetCompletionsRequest.newBuilder()
            .setModel(MODEL)
            .addMessages(
                Message.newBuilder()
                    .setRole(MessageRole.ROLE_USER)
                    .addContent(Content.newBuilder().setText(mark)))
            .build()
            .toByteArray();
    return ByteBuffer.allocate(FRAME_HEAD + message.length)
        .put((byte) 0)
        .putInt(message.length)
        .put(message)
        .array();
  }

  /** The request for a path, which is another one on the bare server. */
  HttpRequest request(String at, String key) {
    RequestHeadersBuilder head =
        RequestHeaders.builder(HttpMethod.POST, at)
            .add(HttpHeaderNames.CONTENT_TYPE, type)
            .add(HttpHeaderNames.AUTHORIZATION, "Bearer " + key);
    if (type.equals(GRPC)) {
      head.add(HttpHeaderNames.TE, "trailers");
    }
    return HttpRequest.of(head.build(), HttpData.wrap(body));
  }

  /** Where the bare server has the answer. */
  String bare() {
    return "/" + name;
  }

  /** The pieces of an answer as they came: events, gRPC frames, or the whole. */
  List<byte[]> frames(AggregatedHttpResponse answer) {
    String got = String.valueOf(answer.headers().get(HttpHeaderNames.CONTENT_TYPE));
    if (got.startsWith("text/event-stream")) {
      return Recorder.events(answer.contentUtf8());
    }
    return type.equals(GRPC)
        ? grpcFrames(answer.content().array())
        : List.of(answer.content().array());
  }

  private static List<byte[]> grpcFrames(byte[] body) {
    List<byte[]> frames = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(body);
    while (in.remaining() >= FRAME_HEAD) {
      byte[] frame = new byte[FRAME_HEAD + in.getInt(in.position() + 1)];
      in.get(frame);
      frames.add(frame);
    }
    return frames;
  }
}
