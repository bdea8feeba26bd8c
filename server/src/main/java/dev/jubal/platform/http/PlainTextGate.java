package dev.jubal.platform.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * First on a connection to a port with a certificate: plain text is for peers on this machine, such
 * as a gRPC client that is told {@code localhost:PORT}. To all others it would show keys to the
 * network; they are told so and cut off before a byte of a request is looked at.
 */
final class PlainTextGate extends ChannelInboundHandlerAdapter {
  private static final int TLS_HANDSHAKE = 22;
  private static final String BODY =
      "{\"error\":{\"message\":\"This port answers plain text to its own machine only (expected:"
          + " https).\",\"type\":\"invalid_request_error\",\"code\":\"invalid_value\",\"param\":null}}";

  private boolean refused;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (refused) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof ByteBuf bytes && bytes.isReadable()) {
      boolean tls = bytes.getUnsignedByte(bytes.readerIndex()) == TLS_HANDSHAKE;
      if (!tls && !local(context)) {
        refused = true;
        ReferenceCountUtil.release(message);
        refuse(context);
        return;
      }
      context.pipeline().remove(this);
    }
    context.fireChannelRead(message);
  }

  private static boolean local(ChannelHandlerContext context) {
    return context.channel().remoteAddress() instanceof InetSocketAddress peer
        && peer.getAddress().isLoopbackAddress();
  }

  private static void refuse(ChannelHandlerContext context) {
    String answer =
        "HTTP/1.1 426 Upgrade Required\r\nupgrade: TLS/1.2, HTTP/1.1\r\nconnection: close, upgrade"
            + "\r\ncontent-type: application/json\r\ncontent-length: "
            + BODY.length()
            + "\r\n\r\n"
            + BODY;
    context
        .writeAndFlush(Unpooled.copiedBuffer(answer, StandardCharsets.US_ASCII))
        .addListener(ChannelFutureListener.CLOSE);
  }
}
