package dev.jubal.inference.telemetry;

import dev.jubal.account.ledger.Admission;
import dev.jubal.account.ledger.Settlement;
import dev.jubal.account.ledger.Usage;
import dev.jubal.platform.trace.Trace;
import dev.jubal.platform.trace.Traces;
import java.util.List;
import java.util.function.Consumer;

/**
 * The attributes {@code gen_ai.*}, and what is ours beside them, {@code jubal.*}. Prompts, answers
 * and end users are in none of them.
 *
 * <p>Source: OpenTelemetry, semantic conventions for generative AI, spans, after version 1.41 of
 * the conventions (in development there, so names may change).
 */
public final class GenAi {
  private static final String PROVIDER = "jubal";

  private GenAi() {}

  /**
   * Makes an answer within a part of a trace, such as {@code chat grok-4}.
   *
   * @param of the request; of none when no client waits for it, and then {@code traces} begins one
   */
  public static void answer(Trace of, Traces traces, Admission admission, Consumer<Trace> work) {
    Trace whole = of.none() ? traces.begin(Traces.Begun.work(admission.requestId(), "work")) : of;
    Trace part = part(whole, admission);
    try {
      part.run(() -> work.accept(part));
    } finally {
      part.end();
      if (of.none()) {
        whole.note("endpoint", admission.endpoint());
        whole.end();
      }
    }
  }

  /** The part of a request in which an answer is made. */
  public static Trace part(Trace of, Admission admission) {
    String operation = operation(admission.endpoint());
    Trace part = of.part(operation + " " + admission.modelAsked());
    asked(part, admission);
    if (part.exported()) {
      part.set("gen_ai.operation.name", operation);
      part.set("gen_ai.provider.name", PROVIDER);
      part.set("gen_ai.request.model", admission.modelAsked());
      part.set("gen_ai.response.model", admission.modelResolved());
      part.set("gen_ai.response.id", admission.requestId());
      part.set("gen_ai.request.stream", admission.stream());
      part.set("jubal.backend", admission.backend());
      part.set("jubal.reserved.tokens", admission.reserved().tokens());
      part.set("jubal.reserved.ticks", admission.reserved().ticks());
    }
    return part;
  }

  private static void asked(Trace trace, Admission admission) {
    trace.note("team", admission.principal().teamId());
    trace.note("model", admission.modelResolved());
    trace.note("backend", admission.backend());
  }

  /** What the convention calls that which an endpoint does. */
  static String operation(String endpoint) {
    return switch (endpoint) {
      case "embed", "embeddings" -> "embeddings";
      case "completions", "complete", "sample" -> "text_completion";
      default -> "chat";
    };
  }

  /** How an answer is to be made. */
  public static void options(Trace trace, int choices, long maxTokens) {
    if (trace.exported()) {
      if (choices != 1) {
        trace.set("gen_ai.request.choice.count", choices);
      }
      if (maxTokens >= 0) {
        trace.set("gen_ai.request.max_tokens", maxTokens);
      }
    }
  }

  /**
   * How it was settled.
   *
   * @param reasons why each choice ended, in the words of the OpenAI API
   */
  public static void settled(Trace trace, Settlement settlement, List<String> reasons) {
    Usage usage = settlement.usage();
    trace.note("input_tokens", usage.prompt());
    trace.note("cached_tokens", usage.cached());
    trace.note("output_tokens", usage.completion() + usage.reasoning());
    trace.note("reasoning_tokens", usage.reasoning());
    trace.note("cost_ticks", settlement.costTicks());
    trace.note("latency_ms", settlement.latency().toMillis());
    settlement.firstToken().ifPresent(t -> trace.note("first_token_ms", t.toMillis()));
    settlement.limitedBy().ifPresent(limit -> trace.note("limited_by", limit));
    settlement.errorType().ifPresent(error -> trace.note("error", error));
    if (!trace.exported()) {
      return;
    }
    trace.set("gen_ai.usage.input_tokens", usage.prompt());
    trace.set("gen_ai.usage.output_tokens", usage.completion() + usage.reasoning());
    trace.set("gen_ai.usage.cache_read.input_tokens", usage.cached());
    if (usage.reasoning() > 0) {
      trace.set("gen_ai.usage.reasoning.output_tokens", usage.reasoning());
    }
    if (usage.image() > 0) {
      trace.set("gen_ai.usage.image.input_tokens", usage.image());
    }
    if (!reasons.isEmpty()) {
      trace.set("gen_ai.response.finish_reasons", reasons);
    }
    settlement.limitedBy().ifPresent(limit -> trace.set("jubal.limited_by", limit));
    settlement
        .firstToken()
        .ifPresent(t -> trace.set("gen_ai.response.time_to_first_chunk", t.toNanos() / 1e9));
    trace.set("jubal.cost_ticks", settlement.costTicks());
    settlement.errorType().ifPresent(trace::fail);
  }
}
