package dev.jubal.llama.gguf;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Knows how many bytes were taken from it. */
final class CountedStream extends FilterInputStream {
  private long position;

  CountedStream(InputStream in) {
    super(in);
  }

  long position() {
    return position;
  }

  @Override
  public int read() throws IOException {
    int value = in.read();
    position += value < 0 ? 0 : 1;
    return value;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int n = in.read(bytes, offset, length);
    position += Math.max(n, 0);
    return n;
  }

  @Override
  public long skip(long count) throws IOException {
    long n = in.skip(count);
    position += n;
    return n;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
