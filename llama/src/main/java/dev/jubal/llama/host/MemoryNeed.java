package dev.jubal.llama.host;

import dev.jubal.llama.EngineOptions;
import dev.jubal.llama.gguf.GgufHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Locale;

/**
 * What a model will need, estimated from its file before it is loaded.
 *
 * @param weightBytes the file itself
 * @param cacheBytes keys and values of all slots at 16 bits
 * @param bufferBytes scratch of one batch, and the process around it
 */
record MemoryNeed(long weightBytes, long cacheBytes, long bufferBytes) {
  private static final long PROCESS = 96L << 20;
  private static final int BATCH = 512;
  private static final int USUAL_CONTEXT = 8192;
  // Widths of activations alive at once, in units of the embedding; measured, rounded up.
  private static final int LIVE_WIDTHS = 16;

  static MemoryNeed of(EngineOptions options) throws IOException {
    GgufHeader header = GgufHeader.read(options.model());
    long weights = Files.size(options.model());
    long trained = header.contextLength().orElse(USUAL_CONTEXT);
    long context =
        options.contextTokens() > 0 ? options.contextTokens() : Math.min(trained, USUAL_CONTEXT);
    long cache = context * options.slots() * header.cacheBytesPerToken().orElse(weights >> 13);
    long width =
        header.embeddingLength().orElse(4096) * LIVE_WIDTHS + header.vocabulary().orElse(0);
    return new MemoryNeed(weights, cache, BATCH * width * Float.BYTES + PROCESS);
  }

  long bytes() {
    return weightBytes + cacheBytes + bufferBytes;
  }

  @Override
  public String toString() {
    return "%s (weights %s, cache %s, buffers %s)"
        .formatted(size(bytes()), size(weightBytes), size(cacheBytes), size(bufferBytes));
  }

  static String size(long bytes) {
    return bytes < 1L << 30
        ? Math.ceilDiv(bytes, 1L << 20) + " MiB"
        : String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
  }
}
