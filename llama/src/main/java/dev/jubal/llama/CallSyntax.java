package dev.jubal.llama;

import java.util.List;

/**
 * How a model family writes function calls: {@code opening call (between call)* closing}, where a
 * call is {@code beforeName NAME beforeArguments ARGUMENTS afterArguments} and ARGUMENTS is a JSON
 * object. Special segments are control tokens of the vocabulary.
 *
 * @param opening what tells a call from text; empty only if the call itself begins so
 * @param anywhere whether text may stand before the calls; else an answer is all text or all calls
 */
public record CallSyntax(
    List<Segment> opening,
    List<Segment> beforeName,
    List<Segment> beforeArguments,
    List<Segment> afterArguments,
    List<Segment> between,
    List<Segment> closing,
    boolean anywhere) {
  public CallSyntax {
    opening = List.copyOf(opening);
    beforeName = List.copyOf(beforeName);
    beforeArguments = List.copyOf(beforeArguments);
    afterArguments = List.copyOf(afterArguments);
    between = List.copyOf(between);
    closing = List.copyOf(closing);
  }
}
