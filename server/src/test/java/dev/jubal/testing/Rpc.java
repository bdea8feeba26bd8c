package dev.jubal.testing;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.jubal.proto.xai.ChatGrpc;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;

/** Channels to a server of a test. */
public final class Rpc {
  private Rpc() {}

  /** A plain-text channel to a port of this machine, with a key unless it is empty. */
  public static Channel channel(int port, String key) {
    return channel("gproto+h2c://127.0.0.1:" + port, ClientFactory.ofDefault(), key);
  }

  /** A channel to a URI such as {@code gproto+h2://HOST:PORT}. */
  public static Channel channel(String uri, ClientFactory factory, String key) {
    ChatGrpc.ChatBlockingStub stub =
        GrpcClients.builder(uri)
            .factory(factory)
            .responseTimeoutMillis(30_000)
            .maxResponseLength(0)
            .build(ChatGrpc.ChatBlockingStub.class);
    Metadata headers = new Metadata();
    if (!key.isEmpty()) {
      headers.put(header("authorization"), "Bearer " + key);
    }
    return ClientInterceptors.intercept(
        stub.getChannel(), MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  public static Metadata.Key<String> header(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
