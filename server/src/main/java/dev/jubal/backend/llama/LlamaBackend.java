package dev.jubal.backend.llama;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.jubal.inference.Backend;
import dev.jubal.inference.BackendFailure;
import dev.jubal.inference.EventSink;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.Requester;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.llama.Engine;
import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.EngineOptions;
import dev.jubal.llama.ModelInfo;
import dev.jubal.llama.Segment;
import dev.jubal.llama.Share;
import dev.jubal.llama.host.EngineHost;
import dev.jubal.llama.host.Lease;
import dev.jubal.llama.template.ChatTemplate;
import dev.jubal.platform.time.Cancellation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Answers from weights on this machine: prompt by the model's template, then queue, slot, events.
 */
public final class LlamaBackend implements Backend {
  private static final Duration RETRY = Duration.ofSeconds(2);
  private static final int MOST_CONTEXT = 8192;
  private static final int MOST_PLANS = 10_000;

  private final EngineHost host;
  private final InstalledModel.Finder models;
  private final EngineConfig config;
  private final Folders folders;
  private final QueueMeters queue;
  private final AnswerPlanner planner;
  private final FormCheck forms = new FormCheck();

  // by identity: a request is counted before it is admitted, and answered after
  private final Cache<GenerationRequest, AnswerPlan> plans =
      Caffeine.newBuilder().weakKeys().maximumSize(MOST_PLANS).build();

  public LlamaBackend(
      EngineHost host,
      InstalledModel.Finder models,
      EngineConfig config,
      Folders folders,
      QueueMeters queue,
      AnswerPlanner planner) {
    this.host = host;
    this.models = models;
    this.config = config;
    this.folders = folders;
    this.queue = queue;
    this.planner = planner;
  }

  /**
   * Where things lie.
   *
   * @param library the native library
   * @param prefixes what prompts have in common, if it is kept
   */
  public record Folders(Path library, Path prefixes) {}

  @Override
  public void generate(
      GenerationRequest request,
      Model model,
      Requester requester,
      EventSink sink,
      Cancellation cancel) {
    InstalledModel weights = models.find(model.target());
    try (Lease lease = host.use(options(weights));
        QueueMeters.Wait wait = queue.begin(requester.background(), model.id(), sink)) {
      Engine engine = lease.engine();
      ChatTemplate template = weights.template();
      AnswerPlan plan = plan(request, template, engine.info());
      LlamaRun run =
          new LlamaRun(
              wait,
              cancel,
              request.options().topLogprobs().isPresent(),
              plan.readers(
                  request.options().choices(),
                  EngineRequests.tags(request, template),
                  BegunText.of(request, plan)));
      run.await(
          engine.submit(
              EngineRequests.of(request, plan, template, engine.info()).withShare(share(requester)),
              run));
    } catch (EngineFailure e) {
      throw failure(e);
    }
  }

  @Override
  public void check(GenerationRequest request, Model model) {
    forms.check(request, models.find(model.target()).template().family().syntax());
  }

  @Override
  public long promptTokens(GenerationRequest request, Model model) {
    InstalledModel weights = models.find(model.target());
    try (Lease lease = host.use(options(weights))) {
      Engine engine = lease.engine();
      ChatTemplate template = weights.template();
      AnswerPlan plan = plan(request, template, engine.info());
      return engine.tokenize(EngineRequests.prompt(request, plan, template)).length;
    } catch (EngineFailure e) {
      throw failure(e);
    }
  }

  /** The plan of a request, made once: whether to call is decided by a model of its own. */
  private AnswerPlan plan(GenerationRequest request, ChatTemplate template, ModelInfo info) {
    AnswerPlan known = plans.getIfPresent(request);
    if (known != null) {
      return known;
    }
    AnswerPlan made = planner.plan(request, template, info);
    plans.put(request, made);
    return made;
  }

  @Override
  public List<Token> tokenize(String text, Model model) {
    InstalledModel weights = models.find(model.target());
    try (Lease lease = host.use(options(weights))) {
      int[] ids = lease.engine().tokenize(List.of(new Segment(text, false)));
      List<byte[]> pieces = lease.engine().pieces(ids);
      List<Token> tokens = new ArrayList<>(ids.length);
      for (int i = 0; i < ids.length; i++) {
        byte[] bytes = pieces.get(i);
        tokens.add(new Token(ids[i], new String(bytes, StandardCharsets.UTF_8), bytes));
      }
      return tokens;
    } catch (EngineFailure e) {
      throw failure(e);
    }
  }

  @Override
  public Weights weights(Model model) {
    InstalledModel weights = models.find(model.target());
    long most = config.context() > 0 ? config.context() : MOST_CONTEXT;
    return new Weights(
        "llama/" + weights.name(),
        Math.min(weights.contextTokens(), most),
        weights.licence(),
        true,
        true,
        false,
        weights.template().thoughts().isPresent() ? Weights.Thinking.TOLD : Weights.Thinking.NOT);
  }

  private EngineOptions options(InstalledModel weights) {
    return new EngineOptions(
        folders.library,
        weights.file(),
        config.slots(),
        config.context(),
        config.threads(),
        config.device(),
        config.queueSize(),
        config.queueWait(),
        config.savePrefixes() ? Optional.of(folders.prefixes) : Optional.empty(),
        config.backgroundTurn());
  }

  private static Share share(Requester r) {
    return new Share(r.team(), r.key(), r.user(), r.weight(), r.background());
  }

  static BackendFailure failure(EngineFailure e) {
    String text = String.valueOf(e.getMessage());
    return switch (e.kind()) {
      case PROMPT_TOO_LONG -> new BackendFailure.PromptTooLong(text);
      case FORM_REFUSED -> new BackendFailure.Rejected("response_format", text);
      case OVERLOADED -> new BackendFailure.Overloaded(text, RETRY);
      case LOAD_FAILED, CLOSED -> new BackendFailure.Unavailable(text);
      case CRASHED, INTERNAL -> new BackendFailure.Broken(text);
    };
  }

  @Override
  public void close() {
    host.close();
  }
}
