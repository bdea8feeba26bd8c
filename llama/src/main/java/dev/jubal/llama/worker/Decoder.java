package dev.jubal.llama.worker;

import dev.jubal.llama.CallSyntax;
import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.EngineListener.Alternative;
import dev.jubal.llama.EngineListener.Counts;
import dev.jubal.llama.EngineListener.FinishReason;
import dev.jubal.llama.EngineListener.SampledToken;
import dev.jubal.llama.EngineOptions;
import dev.jubal.llama.EngineRequest;
import dev.jubal.llama.EngineStats;
import dev.jubal.llama.ModelInfo;
import dev.jubal.llama.OutputForm;
import dev.jubal.llama.Sampling;
import dev.jubal.llama.Segment;
import dev.jubal.llama.Share;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Bytes to messages; the mirror of {@link Encoder}. */
final class Decoder {
  private Decoder() {}

  /** Reads one message, without its length. */
  static Message decode(ByteBuffer bytes) throws IOException {
    try {
      return message(new ByteSource(bytes));
    } catch (IllegalArgumentException | ArithmeticException | BufferUnderflowException damage) {
      throw new IOException("damaged message between server and worker", damage);
    }
  }

  private static Message message(ByteSource in) {
    int tag = in.tag();
    return switch (tag) {
      case 1 -> new Message.Open(in.int32(), options(in), in.int32());
      case 2 -> new Message.Submit(in.int32(), in.int32(), request(in));
      case 3 -> new Message.Cancel(in.int32());
      case 4 -> new Message.Credit(in.int32(), in.int32());
      case 5 -> new Message.AskTokens(in.int32(), in.list(Decoder::segment));
      case 6 -> new Message.AskPieces(in.int32(), in.integers());
      case 7 -> new Message.AskStats(in.int32());
      case 8 -> new Message.Hello(in.int32(), info(in));
      case 9 ->
          new Message.LoadFailed(in.int32(), EngineFailure.Kind.valueOf(in.text()), in.text());
      case 10 -> new Message.Heartbeat(stats(in));
      case 11 -> new Message.Tokens(in.int32(), in.integers());
      case 12 -> new Message.Pieces(in.int32(), in.list(ByteSource::bytes));
      case 13 -> new Message.Stats(in.int32(), stats(in));
      case 14 ->
          new Message.CallFailed(in.int32(), EngineFailure.Kind.valueOf(in.text()), in.text());
      case 15 -> new Message.Started(in.int32(), in.int32(), in.int32());
      case 16 -> new Message.Text(in.int32(), in.int32(), in.text(), in.list(Decoder::token));
      case 17 ->
          new Message.ChoiceFinished(
              in.int32(), in.int32(), FinishReason.valueOf(in.text()), in.optionalText());
      case 18 -> new Message.Finished(in.int32(), new Counts(in.int32(), in.int32(), in.int32()));
      case 19 -> new Message.Failed(in.int32(), EngineFailure.Kind.valueOf(in.text()), in.text());
      case 20 -> new Message.Queued(in.int32(), in.int32(), in.integer());
      default -> throw new IllegalArgumentException("message tag: " + tag + " (expected: 1..20)");
    };
  }

  private static EngineOptions options(ByteSource in) {
    return new EngineOptions(
        Path.of(in.text()),
        Path.of(in.text()),
        in.int32(),
        in.int32(),
        in.int32(),
        in.text(),
        in.int32(),
        Duration.ofMillis(in.integer()),
        Optional.ofNullable(in.optionalText()).map(Path::of),
        in.int32());
  }

  private static EngineRequest request(ByteSource in) {
    return new EngineRequest(
        in.list(Decoder::segment),
        sampling(in),
        in.int32(),
        new EngineRequest.Limits(in.int32(), in.list(ByteSource::text), in.flag(), in.int32()),
        in.int32(),
        output(in),
        new Share(in.text(), in.text(), in.text(), in.int32(), in.flag()));
  }

  private static EngineRequest.Output output(ByteSource in) {
    boolean forcedText = in.flag();
    boolean landing = in.flag();
    List<Segment> begun = in.list(Decoder::segment);
    return new EngineRequest.Output(form(in), forcedText, landing, begun);
  }

  private static OutputForm form(ByteSource in) {
    int tag = in.tag();
    return switch (tag) {
      case 1 -> new OutputForm.Text();
      case 2 -> new OutputForm.JsonObject();
      case 3 -> new OutputForm.JsonSchema(in.text());
      case 4 -> {
        CallSyntax syntax = syntax(in);
        List<OutputForm.Function> functions = in.list(Decoder::function);
        boolean parallel = in.flag();
        Optional<OutputForm> otherwise = in.flag() ? Optional.of(form(in)) : Optional.empty();
        yield new OutputForm.Calls(syntax, functions, otherwise, parallel);
      }
      default -> throw new IllegalArgumentException("form tag: " + tag + " (expected: 1..4)");
    };
  }

  private static OutputForm.Function function(ByteSource in) {
    return new OutputForm.Function(in.text(), in.text());
  }

  private static CallSyntax syntax(ByteSource in) {
    return new CallSyntax(
        in.list(Decoder::segment),
        in.list(Decoder::segment),
        in.list(Decoder::segment),
        in.list(Decoder::segment),
        in.list(Decoder::segment),
        in.list(Decoder::segment),
        in.flag());
  }

  private static Sampling sampling(ByteSource in) {
    float temperature = in.real();
    float topP = in.real();
    int topK = in.int32();
    float minP = in.real();
    float frequencyPenalty = in.real();
    float presencePenalty = in.real();
    Map<Integer, Float> logitBias = new HashMap<>();
    for (int left = in.int32(); left > 0; left--) {
      logitBias.put(in.int32(), in.real());
    }
    return new Sampling(
        temperature,
        topP,
        topK,
        minP,
        frequencyPenalty,
        presencePenalty,
        logitBias,
        in.integer(),
        in.flag());
  }

  private static Segment segment(ByteSource in) {
    boolean special = in.flag();
    return new Segment(in.text(), special);
  }

  private static SampledToken token(ByteSource in) {
    return new SampledToken(in.int32(), in.bytes(), in.real(), in.list(Decoder::alternative));
  }

  private static Alternative alternative(ByteSource in) {
    return new Alternative(in.int32(), in.bytes(), in.real());
  }

  private static ModelInfo info(ByteSource in) {
    return new ModelInfo(
        in.text(),
        in.int32(),
        in.int32(),
        in.int32(),
        in.integer(),
        in.integer(),
        in.int32(),
        in.optionalText());
  }

  private static EngineStats stats(ByteSource in) {
    return new EngineStats(
        in.int32(),
        in.int32(),
        in.integer(),
        in.integer(),
        in.integer(),
        in.integer(),
        in.integer(),
        in.integer(),
        in.integer());
  }
}
