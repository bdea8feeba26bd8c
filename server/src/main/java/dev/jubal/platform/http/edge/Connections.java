package dev.jubal.platform.http.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Puts the watch over heads into each connection, around the codec that the framework chooses by
 * the first bytes: {@link Http1Heads} or {@link Http2Heads}.
 */
public final class Connections {
  private final IntakeConfig config;
  private final Consumer<String> refused;
  private final AtomicInteger open = new AtomicInteger();

  /**
   * Of one server.
   *
   * @param refused is told in one word why a connection was ended
   */
  public Connections(IntakeConfig config, Consumer<String> refused) {
    this.config = config;
    this.refused = refused;
  }

  /** How many are open. */
  public int count() {
    return open.get();
  }

  /** Watches a connection that was accepted, or closes it when there are too many. */
  public void accepted(ChannelPipeline pipeline) {
    HeadClock clock = new HeadClock(pipeline.channel(), config, refused);
    open.incrementAndGet();
    pipeline
        .channel()
        .closeFuture()
        .addListener(
            closed -> {
              open.decrementAndGet();
              clock.stop();
            });
    if (open.get() > config.connections()) {
      refused.accept("connections");
      var _ = pipeline.channel().close();
      return;
    }
    clock.start();
    pipeline.addFirst(new FirstBytes(clock));
  }

  /** The codec is there, with TLS or without: takes its place around it. */
  private void place(ChannelPipeline pipeline, HeadClock clock) {
    Http2ConnectionHandler http2 = pipeline.get(Http2ConnectionHandler.class);
    if (http2 != null) {
      Http2Heads.watch(http2, clock, refused);
      pipeline.addBefore(pipeline.context(http2).name(), null, new Http2Heads.Bytes(clock));
      return;
    }
    // the framework's codec is its own, of a class that nobody else can name
    CombinedChannelDuplexHandler<?, ?> codec = pipeline.get(CombinedChannelDuplexHandler.class);
    if (codec == null) {
      throw new IllegalStateException("no codec of HTTP among " + pipeline.names());
    }
    String name = pipeline.context(codec).name();
    Http1Heads.Bytes bytes = new Http1Heads.Bytes(clock, refused);
    pipeline.addBefore(name, null, bytes);
    pipeline.addAfter(name, null, new Http1Heads(bytes, clock));
  }

  /**
   * Hands on so few bytes that they show the protocol but hold no request, and takes its place
   * before the rest.
   */
  private final class FirstBytes extends ChannelInboundHandlerAdapter {
    /** The head of a TLS record, and more than the framework needs to tell HTTP/2 from HTTP/1. */
    private static final int TELLING = 5;

    private final HeadClock clock;
    private int seen;

    FirstBytes(HeadClock clock) {
      this.clock = clock;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (!(message instanceof ByteBuf bytes) || seen >= TELLING) {
        context.fireChannelRead(message);
        return;
      }
      int some = Math.min(TELLING - seen, bytes.readableBytes());
      seen += some;
      boolean more = bytes.readableBytes() > some;
      context.fireChannelRead(more ? bytes.readRetainedSlice(some) : bytes);
      if (seen >= TELLING) {
        told(context.pipeline());
        context.pipeline().remove(this);
      }
      if (more) {
        context.fireChannelRead(bytes);
      }
    }

    private void told(ChannelPipeline pipeline) {
      ChannelHandlerContext tls = pipeline.context(ApplicationProtocolNegotiationHandler.class);
      if (tls == null) {
        place(pipeline, clock);
      } else {
        pipeline.addBefore(tls.name(), null, new AfterHandshake(clock));
      }
    }
  }

  /** Takes its place once TLS has told the protocol. */
  private final class AfterHandshake extends ChannelInboundHandlerAdapter {
    private final HeadClock clock;

    AfterHandshake(HeadClock clock) {
      this.clock = clock;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      context.fireUserEventTriggered(event);
      if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
        place(context.pipeline(), clock);
        context.pipeline().remove(this);
      }
    }
  }
}
