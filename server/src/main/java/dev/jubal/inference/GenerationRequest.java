package dev.jubal.inference;

import dev.jubal.account.ledger.Service;
import dev.jubal.inference.sight.Looked;
import dev.jubal.platform.json.Json;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What every generation dialect decodes to.
 *
 * @param endpoint the surface it came through, such as chat; stands in the ledger
 * @param model the name asked for
 * @param prompt what the model is given
 * @param sampling how tokens are drawn
 * @param limits where the answer ends
 * @param options the rest of what the client asked
 * @param stream whether the client takes events
 */
public record GenerationRequest(
    String endpoint,
    String model,
    Prompt prompt,
    SamplingOptions sampling,
    Limits limits,
    Options options,
    boolean stream) {
  private static final long TEMPLATE = 64;

  /**
   * Where an answer ends.
   *
   * @param maxTokens most tokens of each choice; empty leaves it to the context
   * @param stop texts that end a choice, none of them empty
   * @param endFrom tokens from which on a text is drawn to its end, for weights that often find
   *     none; empty leaves it to the model
   */
  public record Limits(OptionalInt maxTokens, List<String> stop, OptionalInt endFrom) {
    public Limits {
      stop = List.copyOf(stop);
    }

    /** What a client can ask. */
    public Limits(OptionalInt maxTokens, List<String> stop) {
      this(maxTokens, stop, OptionalInt.empty());
    }
  }

  /**
   * The rest.
   *
   * @param choices how many answers, 1 to 128
   * @param topLogprobs empty for no logprobs, else how many alternatives a token, 0 to 20
   * @param thought what the client asked of the thinking before an answer
   * @param user the client's own user id
   * @param format what the text of an answer must be
   * @param tools what an answer may call
   * @param begun what is written already of each choice: the backend goes on after it and says only
   *     what is new; empty when nothing is
   * @param service how it is to be served
   */
  public record Options(
      int choices,
      OptionalInt topLogprobs,
      Thought thought,
      Optional<String> user,
      AnswerFormat format,
      Tools tools,
      List<Begun> begun,
      Service service) {

    public Options {
      // rows of earlier versions have none
      begun = begun == null ? List.of() : List.copyOf(begun);
      service = service == null ? Service.DEFAULT : service;
    }

    /** An answer that has not begun. */
    public Options(
        int choices,
        OptionalInt topLogprobs,
        Thought thought,
        Optional<String> user,
        AnswerFormat format,
        Tools tools) {
      this(choices, topLogprobs, thought, user, format, tools, List.of(), Service.DEFAULT);
    }

    /** The same, to be served so. */
    public Options servedAs(Service other) {
      return new Options(choices, topLogprobs, thought, user, format, tools, begun, other);
    }

    Options withTools(Tools other) {
      return new Options(choices, topLogprobs, thought, user, format, other, begun, service);
    }

    Options withThought(Thought other) {
      return new Options(choices, topLogprobs, other, user, format, tools, begun, service);
    }

    Options withBegun(List<Begun> choicesSoFar) {
      return new Options(
          choicesSoFar.isEmpty() ? choices : choicesSoFar.size(),
          topLogprobs,
          thought,
          user,
          format,
          tools,
          choicesSoFar,
          service);
    }
  }

  /**
   * How much a model thinks before it answers.
   *
   * @param effort such as none, low or high; the model's row says which it takes
   * @param budget most tokens of thought; empty leaves it to the effort
   * @param before what is thought already: it stands between the prompt and what is asked for now,
   *     and is no part of that; empty where no thought is wanted
   */
  public record Thought(Optional<String> effort, OptionalInt budget, Optional<String> before) {
    /** Nothing is thought yet. */
    public Thought(Optional<String> effort, OptionalInt budget) {
      this(effort, budget, Optional.empty());
    }

    public static final Thought UNSAID = new Thought(Optional.empty(), OptionalInt.empty());

    public static Thought of(Optional<String> effort) {
      return new Thought(effort, OptionalInt.empty());
    }
  }

  /**
   * What is written already of a choice.
   *
   * @param thought what was thought before it
   * @param pieces its texts and calls in order; of the calls the last alone can be cut
   * @param tokens of the pieces
   * @param finished whether nothing is lacking
   */
  public record Begun(Thinking thought, List<Piece> pieces, long tokens, boolean finished) {
    public Begun {
      pieces = List.copyOf(pieces);
    }

    public static final Begun NOTHING = new Begun(Thinking.NONE, List.of(), 0, false);

    /** A thought as it was shown. */
    public record Thinking(String text, boolean whole, long tokens) {
      public static final Thinking NONE = new Thinking("", false, 0);
    }

    /** Some of an answer. */
    public sealed interface Piece {
      /** Text, never empty. */
      record Text(String text) implements Piece {}

      /** A call, its arguments cut unless it is whole. */
      record Call(Item.FunctionCall call, boolean whole) implements Piece {}
    }

    public boolean nothing() {
      return thought.text.isEmpty() && !thought.whole && pieces.isEmpty() && !finished;
    }

    /** The same without its thought. */
    public Begun answer() {
      return new Begun(Thinking.NONE, pieces, tokens, finished);
    }

    /** The pieces as the events that told them, of no tokens. */
    public List<GenerationEvent> events(int choice) {
      List<GenerationEvent> events = new ArrayList<>();
      int calls = 0;
      for (Piece piece : pieces) {
        switch (piece) {
          case Piece.Text t ->
              events.add(new GenerationEvent.TextDelta(choice, t.text, 0, List.of()));
          case Piece.Call c -> {
            Item.FunctionCall call = c.call;
            events.add(new GenerationEvent.CallStarted(choice, calls, call.callId(), call.name()));
            events.add(new GenerationEvent.CallArguments(choice, calls, call.arguments(), 0));
            if (c.whole) {
              events.add(new GenerationEvent.CallFinished(choice, calls));
            }
            calls++;
          }
        }
      }
      return events;
    }
  }

  /**
   * More tokens than any tokenizer makes of the prompt, pictures left out: no token stands for less
   * than a byte, and a template adds a few to each turn and function. Among the options are those
   * functions, the schema of the answer, and what is begun of it.
   */
  public long mostPromptTokens() {
    Prompt words = prompt.withPictures(p -> new Item.Part.Text(""));
    long turns = words instanceof Prompt.Conversation c ? c.items().size() : 1;
    long functions = options.tools().functions().size();
    return Json.bytes(words).length
        + Json.bytes(options).length
        + TEMPLATE * (1 + turns + functions);
  }

  /** The same with pictures that were checked, or with what is said of them, for each in turn. */
  GenerationRequest shown(Looked looked) {
    if (looked.parts().isEmpty()) {
      return this;
    }
    Iterator<String> next = looked.parts().iterator();
    return withPrompt(
        prompt.withPictures(
            p ->
                looked.eyes()
                    ? new Item.Part.Image(next.next(), p.detail())
                    : new Item.Part.Text(next.next())));
  }

  public GenerationRequest withPrompt(Prompt other) {
    return new GenerationRequest(endpoint, model, other, sampling, limits, options, stream);
  }

  public GenerationRequest withSampling(SamplingOptions other) {
    return new GenerationRequest(endpoint, model, prompt, other, limits, options, stream);
  }

  /** The same for so many tokens of output, of all its choices together. */
  GenerationRequest atMost(long output) {
    int each = Math.toIntExact(output / options.choices());
    return withLimits(new Limits(OptionalInt.of(each), limits.stop(), limits.endFrom()));
  }

  public GenerationRequest withLimits(Limits other) {
    return new GenerationRequest(endpoint, model, prompt, sampling, other, options, stream);
  }

  public GenerationRequest withTools(Tools other) {
    return withOptions(options.withTools(other));
  }

  public GenerationRequest withThought(Thought other) {
    return withOptions(options.withThought(other));
  }

  /** The same, going on after what is written already of its choices, which are so many. */
  public GenerationRequest withBegun(List<Begun> choices) {
    return withOptions(options.withBegun(choices));
  }

  public GenerationRequest withOptions(Options other) {
    return new GenerationRequest(endpoint, model, prompt, sampling, limits, other, stream);
  }
}
