package dev.jubal.inference;

import dev.jubal.inference.catalogue.Model;
import dev.jubal.platform.time.Cancellation;
import java.util.List;

/**
 * A backend that leaves everything to another one; decorators override what they change. As
 * thread-safe as that one.
 */
public abstract class ForwardingBackend implements Backend {

  /** The one that answers; asked for again with each call, so that it may change. */
  protected abstract Backend next();

  @Override
  public void generate(
      GenerationRequest request,
      Model model,
      Requester requester,
      EventSink sink,
      Cancellation cancel) {
    next().generate(request, model, requester, sink, cancel);
  }

  @Override
  public void check(GenerationRequest request, Model model) {
    next().check(request, model);
  }

  @Override
  public long promptTokens(GenerationRequest request, Model model) {
    return next().promptTokens(request, model);
  }

  @Override
  public List<Token> tokenize(String text, Model model) {
    return next().tokenize(text, model);
  }

  @Override
  public Weights weights(Model model) {
    return next().weights(model);
  }

  @Override
  public void close() {
    next().close();
  }
}
