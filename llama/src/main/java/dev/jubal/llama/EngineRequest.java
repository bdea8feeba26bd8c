package dev.jubal.llama;

import java.util.List;

/**
 * One unit of work for an engine.
 *
 * @param prompt what the model reads, template included
 * @param sampling how tokens are drawn
 * @param choices how many continuations share the one prefill, 1 to 128
 * @param limits where a choice ends
 * @param topLogprobs -1 for none, else how many alternatives to report for each token, 0 to 20
 * @param output what the answer must be
 * @param share whose turn it takes
 */
public record EngineRequest(
    List<Segment> prompt,
    Sampling sampling,
    int choices,
    Limits limits,
    int topLogprobs,
    Output output,
    Share share) {
  public EngineRequest {
    prompt = List.copyOf(prompt);
    if (choices < 1 || choices > 128) {
      throw new IllegalArgumentException("choices: " + choices + " (expected: 1..128)");
    }
  }

  /** Free text, asked for by nobody in particular. */
  public EngineRequest(
      List<Segment> prompt, Sampling sampling, int choices, Limits limits, int topLogprobs) {
    this(prompt, sampling, choices, limits, topLogprobs, Output.FREE, Share.NONE);
  }

  /**
   * Where a choice ends.
   *
   * @param maxTokens most tokens a choice may have, at least 1; the context bounds it anyway
   * @param stop texts that end a choice and are not part of it
   * @param ignoreEnd go on after an end-of-text token (benchmarks only)
   * @param endFrom tokens from which on the end of a free text becomes likelier with each token,
   *     where a sentence, a line or at last a word is over, until the model ends it; 0 for never
   */
  public record Limits(int maxTokens, List<String> stop, boolean ignoreEnd, int endFrom) {
    public Limits {
      stop = List.copyOf(stop);
      if (endFrom < 0) {
        throw new IllegalArgumentException("endFrom: " + endFrom + " (expected: >= 0)");
      }
      if (maxTokens < 1) {
        throw new IllegalArgumentException("maxTokens: " + maxTokens + " (expected: >= 1)");
      }
    }

    /** Limits that leave it to the model when its text is over. */
    public Limits(int maxTokens, List<String> stop, boolean ignoreEnd) {
      this(maxTokens, stop, ignoreEnd, 0);
    }

    /** So many tokens at most, and nothing else. */
    public static Limits tokens(int maxTokens) {
      return new Limits(maxTokens, List.of(), false);
    }
  }

  /**
   * What a choice must be.
   *
   * @param forcedText whether text that the form leaves no choice about may be written without
   *     asking the model: the same form, but not always the same text
   * @param landing whether a value is brought to its shortest end when the tokens left just suffice
   *     for that, or when the model repeats itself without end; it then ends with STOP, being whole
   * @param begun text of the form that the prompt ends with: the choice goes on after it
   */
  public record Output(OutputForm form, boolean forcedText, boolean landing, List<Segment> begun) {
    public Output {
      begun = List.copyOf(begun);
    }

    /** A form that nothing is written of yet. */
    public Output(OutputForm form, boolean forcedText, boolean landing) {
      this(form, forcedText, landing, List.of());
    }

    /** A form that is left to the model, but for what it forces. */
    public Output(OutputForm form, boolean forcedText) {
      this(form, forcedText, false);
    }

    /** Any text. */
    public static final Output FREE = new Output(new OutputForm.Text(), false, false);
  }

  public EngineRequest withOutput(Output other) {
    return new EngineRequest(prompt, sampling, choices, limits, topLogprobs, other, share);
  }

  public EngineRequest withShare(Share other) {
    return new EngineRequest(prompt, sampling, choices, limits, topLogprobs, output, other);
  }
}
