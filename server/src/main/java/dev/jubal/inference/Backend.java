package dev.jubal.inference;

import dev.jubal.inference.catalogue.Model;
import dev.jubal.platform.time.Cancellation;
import java.util.List;

/** A way to answer generation requests. Thread-safe. */
public interface Backend extends AutoCloseable {

  /**
   * Answers one request: blocks until {@code Finished} went to the sink. When {@code cancel} fires
   * it stops at once, still sends {@code Finished} with what was used, and returns.
   *
   * @param request with every default filled in by the generator, already {@link #check}ed
   * @param model the catalogue row; {@link Model#target} names the weights
   * @param requester for whom
   * @throws BackendFailure when it cannot, at any time before {@code Finished}
   */
  void generate(
      GenerationRequest request,
      Model model,
      Requester requester,
      EventSink sink,
      Cancellation cancel);

  /**
   * Looks at a request before it is admitted.
   *
   * @throws BackendFailure.Rejected if it asks for something that this backend cannot do, such as a
   *     schema that cannot be enforced
   */
  void check(GenerationRequest request, Model model);

  /**
   * How many tokens the prompt of a request has, as {@link #generate} would read it; a request with
   * every default filled in.
   *
   * @throws BackendFailure when it cannot be counted
   */
  long promptTokens(GenerationRequest request, Model model);

  /** Text as the tokens of a model. */
  List<Token> tokenize(String text, Model model);

  /** What is known about the weights behind a name now. */
  Weights weights(Model model);

  @Override
  void close();

  /** One token of a text. */
  record Token(int id, String text, byte[] bytes) {}

  /**
   * What stands behind a name.
   *
   * @param name such as llama/smollm2-135m-instruct, which goes into {@code x-jubal-backend}
   * @param contextTokens most tokens of prompt and answer together
   * @param licence SPDX id
   * @param local whether it runs on this machine, so that its own cost is 0
   * @param constrains whether every answer satisfies the format asked for by construction
   * @param sees whether pictures are passed to it; else it is told of them in words
   * @param thinking how it comes to a thought before it answers
   */
  record Weights(
      String name,
      long contextTokens,
      String licence,
      boolean local,
      boolean constrains,
      boolean sees,
      Thinking thinking) {

    /** How weights come to a thought. */
    public enum Thinking {
      /** They never learned to think. */
      NOT,
      /** They did, and go on from where a thought begins or ended as they are told. */
      TOLD,
      /** They do, and say so in events, without being told. */
      ITSELF
    }
  }
}
