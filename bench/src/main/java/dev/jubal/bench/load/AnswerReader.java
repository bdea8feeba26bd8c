package dev.jubal.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Reads one HTTP/1.1 answer as its bytes arrive and notes when each server-sent event was whole.
 * The body itself is not kept.
 */
final class AnswerReader {
  private static final int HEAD_LIMIT = 32 * 1024;
  private static final byte[] DONE = "data: [DONE]".getBytes(StandardCharsets.US_ASCII);

  private enum Part {
    HEAD,
    FIXED,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    LAST_LINE,
    COMPLETE
  }

  private final byte[] head = new byte[HEAD_LIMIT];
  private final byte[] eventStart = new byte[DONE.length];
  private Part part = Part.HEAD;
  private int headLength;
  private int status;
  private long left;
  private boolean stream;
  private long firstAt;
  private long[] eventAt = new long[80];
  private int events;
  private int eventLength;
  private boolean lineEmpty = true;
  private boolean done;

  /** Starts over for the next answer of the connection. */
  void reset() {
    part = Part.HEAD;
    headLength = 0;
    status = 0;
    left = 0;
    stream = false;
    firstAt = 0;
    events = 0;
    eventLength = 0;
    lineEmpty = true;
    done = false;
  }

  /** Takes bytes; false when the answer is whole before they are used up. */
  void feed(ByteBuffer in, long now) throws IOException {
    while (in.hasRemaining() && part != Part.COMPLETE) {
      switch (part) {
        case HEAD -> head(in.get());
        case FIXED -> {
          body(in, now);
          if (left == 0) {
            part = Part.COMPLETE;
          }
        }
        case CHUNK_SIZE -> chunkSize(in.get());
        case CHUNK -> {
          body(in, now);
          if (left == 0) {
            part = Part.CHUNK_END;
          }
        }
        case CHUNK_END -> {
          if (in.get() == '\n') {
            left = 0;
            part = Part.CHUNK_SIZE;
          }
        }
        case LAST_LINE -> {
          if (in.get() == '\n') {
            part = Part.COMPLETE;
          }
        }
        case COMPLETE -> throw new IllegalStateException("unreachable: the loop ends before");
      }
    }
  }

  private void head(byte b) throws IOException {
    if (headLength == HEAD_LIMIT) {
      throw new IOException("a head of more than " + HEAD_LIMIT + " bytes");
    }
    head[headLength++] = b;
    if (b == '\n' && headLength >= 4 && head[headLength - 3] == '\n') {
      parseHead(new String(head, 0, headLength, StandardCharsets.ISO_8859_1));
    }
  }

  private void parseHead(String text) throws IOException {
    if (!text.startsWith("HTTP/1.1 ")) {
      throw new IOException("not HTTP/1.1: " + text.lines().findFirst().orElse(""));
    }
    status = Integer.parseInt(text.substring(9, 12));
    String lower = text.toLowerCase(Locale.ROOT);
    stream = lower.contains("content-type: text/event-stream");
    int length = lower.indexOf("content-length: ");
    if (lower.contains("transfer-encoding: chunked")) {
      left = 0;
      part = Part.CHUNK_SIZE;
    } else if (length >= 0) {
      int end = lower.indexOf('\r', length);
      left = Long.parseLong(lower.substring(length + 16, end));
      part = left == 0 ? Part.COMPLETE : Part.FIXED;
    } else {
      throw new IOException("an answer without length: " + text.lines().findFirst().orElse(""));
    }
  }

  private void chunkSize(byte b) {
    if (b == '\n') {
      part = left == 0 ? Part.LAST_LINE : Part.CHUNK;
    } else if (b != '\r') {
      left = left * 16 + Character.digit(b, 16);
    }
  }

  private void body(ByteBuffer in, long now) {
    int take = (int) Math.min(left, in.remaining());
    left -= take;
    if (!stream) {
      if (firstAt == 0) {
        firstAt = now;
      }
      in.position(in.position() + take);
      return;
    }
    for (int i = 0; i < take; i++) {
      event(in.get(), now);
    }
  }

  private void event(byte b, long now) {
    if (b != '\n') {
      if (eventLength < eventStart.length) {
        eventStart[eventLength] = b;
      }
      eventLength++;
      lineEmpty = false;
    } else if (!lineEmpty) {
      lineEmpty = true;
    } else {
      eventEnd(now);
    }
  }

  private void eventEnd(long now) {
    if (eventLength >= DONE.length && Arrays.equals(eventStart, DONE)) {
      done = true;
    } else if (eventLength > 0 && eventStart[0] != ':') {
      if (firstAt == 0) {
        firstAt = now;
      }
      if (events == eventAt.length) {
        eventAt = Arrays.copyOf(eventAt, events * 2);
      }
      eventAt[events++] = now;
    }
    eventLength = 0;
  }

  boolean complete() {
    return part == Part.COMPLETE;
  }

  boolean begun() {
    return headLength > 0;
  }

  int status() {
    return status;
  }

  boolean stream() {
    return stream;
  }

  /** When the first byte of a body, or the first whole event, was there. */
  long firstAt() {
    return firstAt;
  }

  /** Events without heartbeats and [DONE]. */
  int events() {
    return events;
  }

  long eventAt(int index) {
    return eventAt[index];
  }

  /** Whether the stream said [DONE]. */
  boolean done() {
    return done;
  }
}
