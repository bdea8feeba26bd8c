package dev.jubal.platform.http.edge;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The heads of a connection of HTTP/1.1, as the codec gives them: stops the clock, and keeps the
 * framework from asking for a body before the key was looked at.
 */
final class Http1Heads extends ChannelInboundHandlerAdapter {
  private static final String BODY =
      "{\"error\":{\"message\":\"The head of the request was not there in time (expected: within"
          + " server.intake.head-timeout).\",\"type\":\"invalid_request_error\",\"code\":"
          + "\"request_timeout\",\"param\":null}}";

  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

  private final Bytes bytes;
  private final HeadClock clock;

  Http1Heads(Bytes bytes, HeadClock clock) {
    this.bytes = bytes;
    this.clock = clock;
  }

  /** Before the codec: the first byte of a head starts the clock. */
  static final class Bytes extends ChannelInboundHandlerAdapter {
    private final HeadClock clock;
    private final Consumer<String> refused;
    private boolean inHead = true;
    private boolean upgraded;

    Bytes(HeadClock clock, Consumer<String> refused) {
      this.clock = clock;
      this.refused = refused;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (upgraded) {
        follow(context.pipeline());
      }
      if (inHead) {
        clock.reading(context, message);
      } else {
        context.fireChannelRead(message);
      }
    }

    /** What comes after an upgrade has heads again if it is HTTP/2, and none as a WebSocket. */
    private void follow(ChannelPipeline pipeline) {
      Http2ConnectionHandler http2 = pipeline.get(Http2ConnectionHandler.class);
      if (http2 != null) {
        upgraded = false;
        inHead = true;
        Http2Heads.watch(http2, clock, refused);
      }
    }

    /** A head is there; it may ask for another protocol. */
    void head(boolean upgrade) {
      upgraded = upgraded || upgrade;
      inHead = false;
    }

    /** The next byte is one of a head. */
    void body() {
      inHead = !upgraded;
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    clock.atEnd(() -> tooLate(context));
  }

  private static void close(ChannelHandlerContext context) {
    var _ = context.channel().close();
  }

  private static void tooLate(ChannelHandlerContext context) {
    String answer =
        "HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-type: application/json"
            + "\r\ncontent-length: "
            + BODY.length()
            + "\r\n\r\n"
            + BODY;
    var _ =
        context
            .pipeline()
            .context(Bytes.class)
            .writeAndFlush(Unpooled.copiedBuffer(answer, StandardCharsets.US_ASCII))
            .addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest request) {
      clock.stop();
      clock.atEnd(() -> close(context)); // an answer may be on its way already
      bytes.head(request.headers().contains(HttpHeaderNames.UPGRADE));
      refuseTwoReadings(request);
      setAside(request);
    }
    if (message instanceof LastHttpContent) {
      bytes.body();
    }
    context.fireChannelRead(message);
  }

  /** What a proxy in front might read otherwise than the codec does is refused (RFC 9112 6.3). */
  private static void refuseTwoReadings(HttpRequest request) {
    List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    List<String> lengths = request.headers().getAll(HttpHeaderNames.CONTENT_LENGTH);
    boolean coded =
        switch (codings.size()) {
          case 0 -> true;
          case 1 -> codings.getFirst().equalsIgnoreCase("chunked");
          default -> false;
        };
    boolean counted =
        switch (lengths.size()) {
          case 0 -> true;
          case 1 -> codings.isEmpty() && DIGITS.matcher(lengths.getFirst()).matches();
          default -> false;
        };
    if (!coded || !counted) {
      request.setDecoderResult(
          DecoderResult.failure(new IllegalArgumentException("the length of the body is unclear")));
    }
  }

  private static void setAside(HttpRequest request) {
    if (request.decoderResult().isSuccess()
        && request.protocolVersion().equals(HttpVersion.HTTP_1_1)
        && request
            .headers()
            .contains(HttpHeaderNames.EXPECT, HttpHeaderValues.CONTINUE, /* ignoreCase= */ true)) {
      request.headers().remove(HttpHeaderNames.EXPECT);
      request.headers().set(Expectation.HEADER, "1");
    }
  }
}
