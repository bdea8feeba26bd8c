package dev.jubal.inference;

import dev.jubal.inference.catalogue.Model;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.time.Cancellation;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Station 5: finds the backend of a model and turns its failures into errors of the catalogue.
 *
 * <p>There is one candidate a model so far; a request whose backend broke before it said anything
 * is tried once more, since a worker that crashed has a successor within a second. After the first
 * text nothing is ever tried again: the client would read it twice.
 */
public final class Router {
  private static final int ATTEMPTS = 2;

  private final Map<String, Backend> backends;

  public Router(Map<String, Backend> backends) {
    this.backends = Map.copyOf(backends);
  }

  /** The backend of a model. */
  public Backend backend(Model model) {
    Backend backend = backends.get(model.backend());
    if (backend == null) {
      throw new ApiException(
          ErrorCode.SERVICE_UNAVAILABLE,
          "The model "
              + model.id()
              + " points to the backend "
              + model.backend()
              + ", which is not running (expected: one of "
              + backends.keySet()
              + ").");
    }
    return backend;
  }

  void check(GenerationRequest request, Model model) {
    try {
      backend(model).check(request, model);
    } catch (BackendFailure e) {
      throw error(e);
    }
  }

  long promptTokens(GenerationRequest request, Model model) {
    try {
      return backend(model).promptTokens(request, model);
    } catch (BackendFailure e) {
      throw error(e);
    }
  }

  /** The same; empty when the backend cannot say now. */
  OptionalLong counted(GenerationRequest request, Model model) {
    try {
      return OptionalLong.of(backend(model).promptTokens(request, model));
    } catch (BackendFailure.PromptTooLong e) {
      throw error(e);
    } catch (BackendFailure e) {
      return OptionalLong.empty();
    }
  }

  /** How many tokens texts have, each for itself. */
  long count(List<String> texts, Model model) {
    try {
      return texts.stream().mapToLong(t -> backend(model).tokenize(t, model).size()).sum();
    } catch (BackendFailure e) {
      throw error(e);
    }
  }

  void generate(
      GenerationRequest request,
      Model model,
      Requester requester,
      EventSink sink,
      Cancellation cancel) {
    Backend backend = backend(model);
    for (int attempt = 1; ; attempt++) {
      FirstText first = new FirstText(sink);
      try {
        backend.generate(request, model, requester, first, cancel);
        return;
      } catch (BackendFailure e) {
        boolean again = attempt < ATTEMPTS && e instanceof BackendFailure.Broken && !first.seen;
        if (!again || cancel.cancelled()) {
          throw error(e);
        }
      }
    }
  }

  /** What a caller is told about a backend's failure. */
  public static ApiException error(BackendFailure failure) {
    String text = String.valueOf(failure.getMessage());
    return switch (failure) {
      case BackendFailure.Overloaded f ->
          new ApiException(ErrorCode.CAPACITY_EXCEEDED, text, null, f.retryAfter(), f);
      case BackendFailure.PromptTooLong f ->
          new ApiException(ErrorCode.CONTEXT_LENGTH_EXCEEDED, text, null, null, f);
      case BackendFailure.Rejected f ->
          new ApiException(ErrorCode.INVALID_VALUE, text, f.param(), null, f);
      case BackendFailure.RejectedForm f -> // the dialect names the place
          new ApiException(ErrorCode.INVALID_VALUE, text, null, null, f);
      case BackendFailure.Unavailable f ->
          new ApiException(ErrorCode.SERVICE_UNAVAILABLE, text, null, null, f);
      case BackendFailure.Broken f ->
          new ApiException(ErrorCode.UPSTREAM_ERROR, text, null, null, f);
    };
  }

  /** Notes whether any thought or text went by. */
  private static final class FirstText implements EventSink {
    private final EventSink next;
    private boolean seen;

    FirstText(EventSink next) {
      this.next = next;
    }

    @Override
    public void accept(GenerationEvent event) {
      seen |=
          event instanceof GenerationEvent.ReasoningDelta
              || event instanceof GenerationEvent.TextDelta
              || event instanceof GenerationEvent.CallStarted;
      next.accept(event);
    }
  }
}
