package dev.jubal.platform.http.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The time of one connection until a head is there. For its event loop alone. */
final class HeadClock {
  private final Channel channel;
  private final IntakeConfig config;
  private final Consumer<String> refused;
  private @Nullable ScheduledFuture<?> timer;
  private Runnable atEnd;
  private boolean partial;

  HeadClock(Channel channel, IntakeConfig config, Consumer<String> refused) {
    this.channel = channel;
    this.config = config;
    this.refused = refused;
    this.atEnd =
        () -> {
          var _ = channel.close();
        };
  }

  /** What is done when the time is over, instead of closing the connection without a word. */
  void atEnd(Runnable atEnd) {
    this.atEnd = atEnd;
  }

  /** Starts unless it runs. */
  void start() {
    if (timer == null) {
      timer =
          channel
              .eventLoop()
              .schedule(this::over, config.headTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Hands on bytes that begin or go on with a head; runs on when they do not end it. */
  void reading(ChannelHandlerContext context, Object message) {
    partial = true;
    context.fireChannelRead(message);
    if (partial && channel.isActive()) {
      start();
    }
  }

  /** A head is there. */
  void stop() {
    partial = false;
    ScheduledFuture<?> running = timer;
    timer = null;
    if (running != null) {
      running.cancel(false);
    }
  }

  private void over() {
    timer = null;
    if (channel.isActive()) {
      refused.accept("head_timeout");
      atEnd.run();
    }
  }
}
