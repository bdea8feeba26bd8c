package dev.jubal.inference.embedding;

import dev.jubal.account.admission.Admittance;
import dev.jubal.account.admission.Demand;
import dev.jubal.account.admission.Reservation;
import dev.jubal.account.ledger.Admission;
import dev.jubal.account.ledger.Ledger;
import dev.jubal.account.ledger.Settlement;
import dev.jubal.account.ledger.Usage;
import dev.jubal.account.price.Tariff;
import dev.jubal.inference.Backend;
import dev.jubal.inference.BackendFailure;
import dev.jubal.inference.Generator;
import dev.jubal.inference.Router;
import dev.jubal.inference.catalogue.Catalogue;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.inference.embedding.EmbeddingBackend.Embeddings;
import dev.jubal.inference.embedding.EmbeddingBackend.Text;
import dev.jubal.inference.telemetry.GenAi;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.error.Rates;
import dev.jubal.platform.trace.Trace;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@link Generator} is for text: name to model, admission, the backend, settlement. One call
 * makes one answer, and exactly one settled row. Thread-safe.
 */
public final class Embedder {
  private static final Logger log = LoggerFactory.getLogger(Embedder.class);

  private final Catalogue catalogue;
  private final Map<String, EmbeddingBackend> backends;
  private final Ledger ledger;
  private final InstantSource now;
  private final Admittance admittance;
  private final Tariff tariff;

  /** One in which nothing stands against a request. */
  public Embedder(
      Catalogue catalogue,
      Map<String, EmbeddingBackend> backends,
      Ledger ledger,
      InstantSource now) {
    this(catalogue, backends, ledger, now, Admittance.OPEN, Tariff.PUBLISHED);
  }

  /**
   * An embedder.
   *
   * @param admittance what may stand against a request
   * @param tariff what a request costs
   */
  public Embedder(
      Catalogue catalogue,
      Map<String, EmbeddingBackend> backends,
      Ledger ledger,
      InstantSource now,
      Admittance admittance,
      Tariff tariff) {
    this.catalogue = catalogue;
    this.backends = Map.copyOf(backends);
    this.ledger = ledger;
    this.now = now;
    this.admittance = admittance;
    this.tariff = tariff;
  }

  /**
   * What is asked.
   *
   * @param endpoint the surface, for the ledger
   * @param dimensions length of the vectors, empty for the model's own
   * @param user the client's own end user
   */
  public record Request(
      String endpoint,
      String model,
      List<Text> inputs,
      OptionalInt dimensions,
      Optional<String> user) {
    public Request {
      inputs = List.copyOf(inputs);
    }

    /** For nobody in particular. */
    public Request(String endpoint, String model, List<Text> inputs, OptionalInt dimensions) {
      this(endpoint, model, inputs, dimensions, Optional.empty());
    }
  }

  /**
   * The vectors, settled.
   *
   * @param model the catalogue name
   * @param backend what stands behind it
   * @param rates how the caller stands against its limits
   * @param warning what the caller should know although nothing refused it
   */
  public record Answer(
      String model,
      String backend,
      List<float[]> vectors,
      Usage usage,
      long costTicks,
      Optional<Rates> rates,
      Optional<String> warning) {}

  /**
   * Answers a request.
   *
   * @throws ApiException when it is refused, fails or is cancelled; whatever was used is settled
   */
  public Answer embed(Request request, Generator.Caller caller) {
    Model model = model(request, caller);
    Backend.Weights weights = weights(model);
    Admission admission = admission(request, model, caller);
    Trace.current().enter("admit");
    Settling settling = admit(admission, request, model, weights.local());
    Optional<String> warning = settling.reservation.warning();
    Usage usage;
    long cost;
    Embeddings made;
    Trace part = settling.traced();
    try {
      part.enter("generate");
      made = compute(request, model, caller, settling);
      usage = Usage.of(made.promptTokens(), 0, 0);
      cost = settling.settle(usage, 200, Optional.empty());
    } finally {
      part.end();
    }
    List<float[]> vectors = cut(made.vectors(), request.dimensions());
    Optional<Rates> rates = settling.reservation.standing().map(s -> s.at(admission.admitted()));
    return new Answer(model.id(), weights.name(), vectors, usage, cost, rates, warning);
  }

  /**
   * Says whether a request would pass now, and what it would cost. Nothing is answered, admitted or
   * held.
   *
   * @throws ApiException when the request is wrong in itself
   */
  public Generator.Explained explain(Request request, Generator.Caller caller) {
    Model model = model(request, caller);
    Demand demand = demand(admission(request, model, caller), request, model);
    return new Generator.Explained(
        model.id(), demand, demand.tokens(), admittance.refusal(demand), admittance.bounds(demand));
  }

  private Model model(Request request, Generator.Caller caller) {
    Model model = catalogue.resolve(request.model(), Model.Kind.EMBEDDING, caller.principal());
    checkDimensions(request.dimensions(), backend(model).dimensions(model), model);
    return model;
  }

  private Admission admission(Request request, Model model, Generator.Caller caller) {
    Instant admitted = now.instant();
    return new Admission(
        caller.requestId(),
        caller.clientRequestId(),
        caller.principal(),
        request.endpoint(),
        request.model(),
        model.id(),
        weights(model).name(),
        tariff.price(caller.principal(), model.id(), model.prices(), admitted),
        false,
        admitted,
        new Admission.Reserved(caller.principal().endUser(request.user()), 0, 0));
  }

  /** Holds what the texts may use, then commits the admission. */
  private Settling admit(Admission asked, Request request, Model model, boolean local) {
    Reservation reservation = reserve(asked, request, model);
    try {
      Admission admission = asked.holding(reservation.granted().total(), reservation.ticks());
      ledger.admit(admission);
      return new Settling(admission, reservation, local);
    } catch (RuntimeException | Error e) {
      reservation.release();
      throw e;
    }
  }

  private Reservation reserve(Admission asked, Request request, Model model) {
    return admittance.open()
        ? Reservation.unlimited(Demand.of(asked, Demand.Tokens.NONE, false))
        : admittance.reserve(demand(asked, request, model));
  }

  private Demand demand(Admission asked, Request request, Model model) {
    Demand.Tokens most = new Demand.Tokens(mostTokens(request, model), 0);
    return Demand.of(asked, most, backend(model).counts());
  }

  private long mostTokens(Request request, Model model) {
    try {
      return backend(model).promptTokens(request.inputs(), model);
    } catch (BackendFailure e) {
      throw Router.error(e);
    }
  }

  /** What stands behind an embedding model. */
  public Backend.Weights weights(Model model) {
    return backend(model).weights(model);
  }

  private EmbeddingBackend backend(Model model) {
    EmbeddingBackend backend = backends.get(model.backend());
    if (backend == null) {
      throw new ApiException(
          ErrorCode.SERVICE_UNAVAILABLE,
          "The model "
              + model.id()
              + " points to the backend "
              + model.backend()
              + ", which makes no embeddings (expected: one of "
              + backends.keySet()
              + ").");
    }
    return backend;
  }

  private static void checkDimensions(OptionalInt asked, int full, Model model) {
    if (asked.isPresent() && asked.getAsInt() > full) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "dimensions",
          "dimensions: "
              + asked.getAsInt()
              + " (expected: at most "
              + full
              + ", the length of a vector of "
              + model.id()
              + ").");
    }
  }

  private Embeddings compute(
      Request request, Model model, Generator.Caller caller, Settling settling) {
    Usage used = Usage.NONE;
    try {
      Embeddings made = backend(model).embed(request.inputs(), model, caller.cancel());
      used = Usage.of(made.promptTokens(), 0, 0);
      Optional<ApiException> reason = caller.cancel().reason();
      if (reason.isPresent()) {
        throw reason.get();
      }
      return made;
    } catch (BackendFailure e) {
      throw settling.failed(Router.error(e), used);
    } catch (ApiException e) {
      throw settling.failed(e, used);
    } catch (RuntimeException e) {
      log.error("request {} failed by a defect", caller.requestId(), e);
      throw settling.failed(defect(caller, e), used);
    } catch (Error e) {
      var _ = settling.failed(defect(caller, e), used);
      throw e;
    }
  }

  private static ApiException defect(Generator.Caller caller, Throwable cause) {
    return new ApiException(
        ErrorCode.INTERNAL_ERROR,
        "Internal error; the log names it under request id " + caller.requestId() + ".",
        null,
        null,
        cause);
  }

  /** The first numbers of each vector, brought back to unit length. */
  static List<float[]> cut(List<float[]> vectors, OptionalInt dimensions) {
    if (dimensions.isEmpty()) {
      return vectors;
    }
    List<float[]> out = new ArrayList<>(vectors.size());
    for (float[] vector : vectors) {
      out.add(
          vector.length == dimensions.getAsInt()
              ? vector
              : unit(Arrays.copyOf(vector, dimensions.getAsInt())));
    }
    return out;
  }

  private static float[] unit(float[] vector) {
    double sum = 0;
    for (float v : vector) {
      sum += (double) v * v;
    }
    double length = Math.sqrt(sum);
    for (int i = 0; i < vector.length && length > 0; i++) {
      vector[i] = (float) (vector[i] / length);
    }
    return vector;
  }

  /** Closes one admission, once. */
  private final class Settling {
    private final Admission admission;
    private final Reservation reservation;
    private final boolean local;
    private final long startNanos = System.nanoTime();
    private Trace trace = Trace.NONE;

    Settling(Admission admission, Reservation reservation, boolean local) {
      this.admission = admission;
      this.reservation = reservation;
      this.local = local;
    }

    /** From now on its part of the request's trace. */
    Trace traced() {
      trace = GenAi.part(Trace.current(), admission);
      return trace;
    }

    long settle(Usage usage, int status, Optional<String> error) {
      long cost = admission.price().cost(usage);
      Duration latency = Duration.ofNanos(System.nanoTime() - startNanos);
      Settlement settlement =
          new Settlement(
              usage, cost, 0, local, latency, Optional.empty(), Optional.empty(), status, error);
      trace.enter("settle");
      try {
        ledger.settle(admission, settlement, reservation.settling(usage, cost));
      } finally {
        reservation.settle(usage, cost);
        trace.leave();
        GenAi.settled(trace, settlement, List.of());
      }
      return cost;
    }

    /** Settles a request that did not end well; when even that fails, recovery will. */
    ApiException failed(ApiException error, Usage used) {
      try {
        settle(used, error.code().status(), Optional.of(error.code().code()));
      } catch (ApiException ledgerError) {
        error.addSuppressed(ledgerError);
      }
      return error;
    }
  }
}
