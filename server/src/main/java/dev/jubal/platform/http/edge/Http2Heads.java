package dev.jubal.platform.http.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2LifecycleManager;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The frames of a connection of HTTP/2: a frame that is there, or a head that is there whole, stops
 * the clock. A stream that is ended after a whole answer is ended without an error, so that clients
 * read the answer.
 */
final class Http2Heads implements InvocationHandler {
  private final Http2FrameListener framework;
  private final HeadClock clock;

  private Http2Heads(Http2FrameListener framework, HeadClock clock) {
    this.framework = framework;
    this.clock = clock;
  }

  static void watch(Http2ConnectionHandler connection, HeadClock clock, Consumer<String> refused) {
    Object told =
        Proxy.newProxyInstance(
            Http2Heads.class.getClassLoader(),
            new Class<?>[] {Http2FrameListener.class},
            new Http2Heads(connection.decoder().frameListener(), clock));
    connection.decoder().frameListener((Http2FrameListener) told);
    connection.encoder().lifecycleManager(new Ends(connection));
    connection
        .connection()
        .addListener(
            new Http2ConnectionAdapter() {
              @Override
              public void onGoAwaySent(int lastStreamId, long errorCode, ByteBuf debugData) {
                if (errorCode == Http2Error.ENHANCE_YOUR_CALM.code()) {
                  refused.accept("calm");
                }
              }
            });
  }

  /** Before the codec: bytes that end no frame start the clock. */
  static final class Bytes extends ChannelInboundHandlerAdapter {
    private final HeadClock clock;

    Bytes(HeadClock clock) {
      this.clock = clock;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      clock.reading(context, message);
    }
  }

  /** Any frame that is told of has ended, and with it a head that it was part of. */
  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    clock.stop();
    for (Object argument : arguments) {
      if (argument instanceof Http2Headers headers) {
        setAside(headers);
      }
    }
    try {
      return method.invoke(framework, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private static void setAside(Http2Headers headers) {
    CharSequence expected = headers.get(HttpHeaderNames.EXPECT);
    if (expected != null
        && AsciiString.contentEqualsIgnoreCase(HttpHeaderValues.CONTINUE, expected)) {
      headers.remove(HttpHeaderNames.EXPECT);
      headers.set(Expectation.HEADER, "1");
    }
  }

  /**
   * Ends streams as the connection does, but says no CANCEL after a whole answer (RFC 9113 8.1).
   */
  private record Ends(Http2ConnectionHandler connection) implements Http2LifecycleManager {
    @Override
    public ChannelFuture resetStream(
        ChannelHandlerContext context, int id, long error, ChannelPromise promise) {
      Http2Stream stream = connection.connection().stream(id);
      boolean answered = stream != null && !stream.state().localSideOpen();
      long said =
          answered && error == Http2Error.CANCEL.code() ? Http2Error.NO_ERROR.code() : error;
      return connection.resetStream(context, id, said, promise);
    }

    @Override
    public void closeStreamLocal(Http2Stream stream, ChannelFuture future) {
      connection.closeStreamLocal(stream, future);
    }

    @Override
    public void closeStreamRemote(Http2Stream stream, ChannelFuture future) {
      connection.closeStreamRemote(stream, future);
    }

    @Override
    public void closeStream(Http2Stream stream, ChannelFuture future) {
      connection.closeStream(stream, future);
    }

    @Override
    public ChannelFuture goAway(
        ChannelHandlerContext context,
        int last,
        long error,
        ByteBuf debug,
        ChannelPromise promise) {
      return connection.goAway(context, last, error, debug, promise);
    }

    @Override
    public void onError(ChannelHandlerContext context, boolean outbound, Throwable cause) {
      connection.onError(context, outbound, cause);
    }
  }
}
