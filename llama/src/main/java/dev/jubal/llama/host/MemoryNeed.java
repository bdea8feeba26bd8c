package dev.jubal.llama.host;

import dev.jubal.llama.EngineOptions;
import dev.jubal.llama.binding.GgufFile;
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
  private static final int USUAL_CONTEXT = 8192; // what an engine takes when not told
  private static final int USUAL_WIDTH = 4096;
  private static final int USUAL_VOCABULARY = 128_000;
  // Widths of activations alive at once, in units of the embedding; measured, rounded up.
  private static final int LIVE_WIDTHS = 16;

  static MemoryNeed of(EngineOptions options) {
    GgufFile file = GgufFile.read(options.model());
    int trained = file.trainedContext() > 0 ? file.trainedContext() : USUAL_CONTEXT;
    long context =
        options.contextTokens() > 0 ? options.contextTokens() : Math.min(trained, USUAL_CONTEXT);
    long width = LIVE_WIDTHS * number(file, "embedding_length", USUAL_WIDTH);
    long vocabulary = number(file, "vocab_size", USUAL_VOCABULARY);
    return new MemoryNeed(
        file.fileBytes(),
        context * options.slots() * file.cacheBytesPerToken(),
        BATCH * (width + vocabulary) * Float.BYTES + PROCESS);
  }

  private static long number(GgufFile file, String key, long otherwise) {
    return file.values().get(file.architecture() + "." + key) instanceof Long found
        ? found
        : otherwise;
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
