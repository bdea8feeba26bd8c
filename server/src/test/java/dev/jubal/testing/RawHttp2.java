package dev.jubal.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/** A connection of HTTP/2 in plain text whose frames are the test's own (RFC 9113, RFC 7541). */
public final class RawHttp2 implements AutoCloseable {
  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int GOAWAY = 7;

  public static final int END_STREAM = 1;
  public static final int END_HEADERS = 4;

  private static final int PATIENCE_MS = 20_000;

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;

  /** A frame of the server. */
  public record Frame(int type, int flags, int stream, byte[] payload) {
    /** Four bytes of the payload as a number. */
    public int number(int at) {
      return java.nio.ByteBuffer.wrap(payload).getInt(at);
    }
  }

  private RawHttp2(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
    this.out = new DataOutputStream(socket.getOutputStream());
  }

  /** Connects and sends the preface with empty settings. */
  public static RawHttp2 to(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MS);
    socket.setTcpNoDelay(true);
    RawHttp2 client = new RawHttp2(socket);
    client.out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    client.send(SETTINGS, 0, 0, new byte[0]);
    return client;
  }

  public void send(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(frame);
    data.writeByte(payload.length >> 16);
    data.writeShort(payload.length);
    data.writeByte(type);
    data.writeByte(flags);
    data.writeInt(stream);
    data.write(payload);
    bytes(frame.toByteArray());
  }

  /** Bytes as they are. */
  public void bytes(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /** A block of headers, names and values by turns, none of them compressed. */
  public static byte[] block(String... namesAndValues) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < namesAndValues.length; i++) {
      if (i % 2 == 0) {
        block.write(0); // a literal that is not indexed, with a new name
      }
      byte[] text = namesAndValues[i].getBytes(StandardCharsets.US_ASCII);
      length(block, text.length);
      block.writeBytes(text);
    }
    return block.toByteArray();
  }

  private static void length(ByteArrayOutputStream block, int length) {
    if (length < 127) {
      block.write(length);
      return;
    }
    block.write(127);
    int rest = length - 127;
    while (rest >= 128) {
      block.write(rest % 128 + 128);
      rest /= 128;
    }
    block.write(rest);
  }

  /** Waits for a frame of that type for which the condition holds. */
  public Frame await(int type, Predicate<Frame> condition) throws IOException {
    while (true) {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      Frame frame =
          new Frame(
              in.readUnsignedByte(), in.readUnsignedByte(), in.readInt(), in.readNBytes(length));
      if (frame.type() == type && condition.test(frame)) {
        return frame;
      }
    }
  }

  /** Waits for the end of the connection. */
  public void awaitEnd() throws IOException {
    var _ = in.readAllBytes();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
