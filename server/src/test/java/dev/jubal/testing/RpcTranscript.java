package dev.jubal.testing;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import com.google.protobuf.TypeRegistry;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.QuotaFailure;
import com.google.rpc.RequestInfo;
import com.google.rpc.RetryInfo;
import dev.jubal.account.limits.Quota;
import dev.jubal.platform.grpc.Rpcs;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A golden RPC in a folder: {@code request.txt}, its first line the method, the rest the message in
 * the text form of protobuf; what the backend plays in {@code script.json}; and in {@code
 * answer.txt} the headers that are ours, each message, and the status.
 */
public record RpcTranscript(Path folder) {
  private static final String REQUEST = "request.txt";
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);
  private static final TypeRegistry DETAIL_TYPES =
      TypeRegistry.newBuilder()
          .add(
              List.of(
                  ErrorInfo.getDescriptor(),
                  RequestInfo.getDescriptor(),
                  BadRequest.getDescriptor(),
                  QuotaFailure.getDescriptor(),
                  RetryInfo.getDescriptor()))
          .build();

  /** All below a folder, in the order of their paths. */
  public static List<RpcTranscript> under(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      return files
          .filter(f -> f.endsWith(REQUEST))
          .map(f -> new RpcTranscript(Objects.requireNonNull(f.getParent())))
          .sorted((a, b) -> a.folder.compareTo(b.folder))
          .toList();
    }
  }

  public String name() {
    return String.valueOf(folder.getFileName());
  }

  public String script() throws IOException {
    return Files.readString(folder.resolve("script.json"));
  }

  /** How much the caller may spend a day, in {@code budget.txt}, in ticks; all if there is none. */
  public OptionalLong budget() throws IOException {
    return Transcript.budget(folder.resolve("budget.txt"));
  }

  /**
   * How much of each the caller may have a minute, in {@code limits.json}; all if there is none.
   */
  public Map<Quota, Long> limits() throws IOException {
    return Transcript.limits(folder.resolve("limits.json"));
  }

  public String answer() throws IOException {
    Path file = folder.resolve("answer.txt");
    return Files.exists(file) ? Files.readString(file) : "";
  }

  public void write(String answer) throws IOException {
    Files.writeString(folder.resolve("answer.txt"), answer);
  }

  /** Sends the request and tells what came. */
  public String play(Channel channel, Rpcs rpcs) throws IOException {
    String text = Files.readString(folder.resolve(REQUEST), StandardCharsets.UTF_8);
    int line = text.indexOf('\n');
    String wanted = text.substring(0, line).strip();
    MethodDescriptor<?, ?> method =
        rpcs.all().stream()
            .map(r -> r.method())
            .filter(m -> m.getFullMethodName().equals(wanted))
            .findFirst()
            .orElseThrow(() -> new IOException("no method " + wanted));
    return call(channel, method, text.substring(line + 1));
  }

  private static <Q, A> String call(Channel channel, MethodDescriptor<Q, A> method, String text)
      throws IOException {
    var marshaller = (MethodDescriptor.PrototypeMarshaller<Q>) method.getRequestMarshaller();
    Message.Builder request =
        ((Message) Objects.requireNonNull(marshaller.getMessagePrototype())).newBuilderForType();
    TextFormat.merge(text, request);
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    Channel capturing =
        ClientInterceptors.intercept(
            channel, MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));
    StringBuilder answer = new StringBuilder();
    StringBuilder messages = new StringBuilder();
    try {
      Iterator<A> came =
          ClientCalls.blockingServerStreamingCall(
              capturing,
              method.toBuilder().setType(MethodDescriptor.MethodType.SERVER_STREAMING).build(),
              CallOptions.DEFAULT,
              marshaller.getMessageClass().cast(request.build()));
      while (came.hasNext()) {
        messages.append("--- message\n").append(print((Message) came.next()));
      }
      messages.append("--- OK\n");
    } catch (StatusRuntimeException e) {
      Status status = e.getStatus();
      messages.append("--- ").append(status.getCode()).append(": ").append(status.getDescription());
      messages.append('\n').append(details(e.getTrailers()));
    }
    ours(headers.get(), answer);
    return answer.append(messages).toString();
  }

  private static void ours(@Nullable Metadata metadata, StringBuilder out) {
    if (metadata == null) {
      return;
    }
    for (String key : new TreeSet<>(metadata.keys())) {
      if (key.startsWith("x-")) {
        out.append(key).append(": ").append(metadata.get(Rpc.header(key))).append('\n');
      }
    }
  }

  private static String details(@Nullable Metadata trailers) throws InvalidProtocolBufferException {
    byte[] bytes = trailers == null ? null : trailers.get(DETAILS);
    if (bytes == null) {
      return "";
    }
    StringBuilder out = new StringBuilder();
    for (Any detail : com.google.rpc.Status.parseFrom(bytes).getDetailsList()) {
      out.append(TextFormat.printer().usingTypeRegistry(DETAIL_TYPES).printToString(detail));
    }
    return out.toString();
  }

  private static String print(Message message) {
    return TextFormat.printer().printToString(message);
  }
}
