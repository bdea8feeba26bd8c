package dev.jubal.api.chat;

import java.util.List;

/** Lets the micro benchmarks, which live elsewhere, encode the very record the server does. */
public final class ChunkSample {
  private ChunkSample() {}

  /** The chunk of one delta in the middle of an answer. */
  public static Object delta() {
    ChatWire.ChunkChoice choice =
        new ChatWire.ChunkChoice(0, new ChatWire.Delta(null, " capital", null, null), null, null);
    return new ChatWire.Chunk(
        "chatcmpl-8d1f1a52-3c0e-4b1a-9a57-6f2b8f2f9d11",
        "chat.completion.chunk",
        1_764_000_000L,
        "grok-4-fast-non-reasoning",
        List.of(choice),
        null,
        "fp_0123456789",
        "default");
  }
}
