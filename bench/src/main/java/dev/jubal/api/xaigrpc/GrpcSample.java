package dev.jubal.api.xaigrpc;

import dev.jubal.inference.GenerationEvent;
import dev.jubal.proto.xai.GetCompletionsRequest;
import java.util.function.Consumer;

/** The chunks of the Chat service as bytes, for the micro benchmarks. */
public final class GrpcSample {
  private final ChatAnswer answer =
      new ChatAnswer(GetCompletionsRequest.newBuilder().setModel("m").build(), thought -> "");

  /** Gives the bytes of the chunk that an event means, if it means one. */
  public void stream(GenerationEvent event, Consumer<byte[]> out) {
    answer.stream(event, chunk -> out.accept(chunk.toByteArray()));
  }
}
