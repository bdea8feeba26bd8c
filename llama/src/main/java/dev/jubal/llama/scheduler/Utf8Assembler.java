package dev.jubal.llama.scheduler;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Makes whole characters of bytes that arrive in any pieces; what is invalid becomes U+FFFD. */
final class Utf8Assembler {
  private static final int LONGEST_PART = 3;

  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private byte[] part = new byte[0];

  /** The characters that are whole now. */
  String append(byte[] bytes) {
    ByteBuffer in = ByteBuffer.allocate(part.length + bytes.length).put(part).put(bytes).flip();
    return decode(in, false);
  }

  /** What an unfinished character at the very end becomes. */
  String end() {
    return part.length == 0 ? "" : decode(ByteBuffer.wrap(part), true);
  }

  /** Whether bytes of an unfinished character are held. */
  boolean holds() {
    return part.length > 0;
  }

  private String decode(ByteBuffer in, boolean last) {
    CharBuffer out = CharBuffer.allocate(in.remaining() + LONGEST_PART);
    decoder.reset();
    decoder.decode(in, out, last);
    part = new byte[in.remaining()];
    in.get(part);
    return out.flip().toString();
  }
}
