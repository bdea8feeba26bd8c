package dev.jubal.inference;

import dev.jubal.account.ledger.Service;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which parameters a model takes: data of its catalogue row, the same for every dialect.
 *
 * <p>Strict, as api.x.ai is, a refused parameter is a 400; lenient it is dropped and reported.
 * Values that ask for nothing (no stop text, a penalty of 0) pass everywhere.
 */
final class ParameterRules {
  private final boolean lenient;

  ParameterRules(boolean lenient) {
    this.lenient = lenient;
  }

  /** A request that keeps the rules, and the names of what was dropped to make it so. */
  record Checked(GenerationRequest request, List<String> dropped) {
    /** Also a service that is not granted, as the price names nothing for it. */
    List<String> dropped(Service granted) {
      if (request.options().service() == granted) {
        return dropped;
      }
      List<String> all = new ArrayList<>(dropped);
      all.add("service_tier");
      return all;
    }
  }

  Checked check(GenerationRequest request, Model model) {
    List<String> dropped = new ArrayList<>();
    GenerationRequest r = request;
    if (!r.limits().stop().isEmpty() && refuses(model, "stop", dropped)) {
      r = r.withLimits(new GenerationRequest.Limits(r.limits().maxTokens(), List.of()));
    }
    SamplingOptions.Penalties p = r.sampling().penalties();
    double frequency =
        p.frequency() != 0 && refuses(model, "frequency_penalty", dropped) ? 0 : p.frequency();
    double presence =
        p.presence() != 0 && refuses(model, "presence_penalty", dropped) ? 0 : p.presence();
    if (frequency != p.frequency() || presence != p.presence()) {
      r = r.withSampling(withPenalties(r.sampling(), frequency, presence));
    }
    GenerationRequest.Thought thought = r.options().thought();
    if (thought.effort().isPresent() && !takes(model, thought.effort().get(), dropped)) {
      r = r.withThought(new GenerationRequest.Thought(Optional.empty(), thought.budget()));
    }
    return new Checked(r, List.copyOf(dropped));
  }

  private boolean refuses(Model model, String parameter, List<String> dropped) {
    if (!model.rules().rejects().contains(parameter)) {
      return false;
    }
    if (!lenient) {
      throw ApiException.of(
          ErrorCode.UNSUPPORTED_PARAMETER,
          parameter,
          "Argument not supported on this model: "
              + parameter
              + " (model "
              + model.id()
              + "; expected: absent).");
    }
    dropped.add(parameter);
    return true;
  }

  private boolean takes(Model model, String effort, List<String> dropped) {
    List<String> allowed = model.rules().efforts();
    if (allowed.contains(effort)) {
      return true;
    }
    if (lenient) {
      dropped.add("reasoning_effort");
      return false;
    }
    if (allowed.isEmpty()) {
      throw ApiException.of(
          ErrorCode.UNSUPPORTED_PARAMETER,
          "reasoning_effort",
          "Argument not supported on this model: reasoning_effort (model "
              + model.id()
              + "; expected: absent).");
    }
    throw ApiException.of(
        ErrorCode.INVALID_VALUE,
        "reasoning_effort",
        "reasoning_effort: \""
            + effort
            + "\" (expected: one of "
            + String.join(", ", allowed)
            + ").");
  }

  private static SamplingOptions withPenalties(
      SamplingOptions s, double frequency, double presence) {
    return new SamplingOptions(
        s.temperature(),
        s.topP(),
        s.topK(),
        s.minP(),
        new SamplingOptions.Penalties(frequency, presence),
        s.logitBias(),
        s.seed());
  }

  /** Fills what the client left unsaid from the catalogue row. */
  static GenerationRequest withDefaults(GenerationRequest request, Model model) {
    SamplingOptions s = request.sampling();
    Model.Defaults d = model.defaults();
    // the two belong together: a client that asks for heat must not get a nucleus made for cold
    boolean unsaid = s.temperature().isEmpty() && s.topP().isEmpty();
    GenerationRequest filled =
        request.withSampling(
            new SamplingOptions(
                unsaid ? d.temperature() : s.temperature(),
                unsaid ? d.topP() : s.topP(),
                s.topK(),
                s.minP(),
                s.penalties(),
                s.logitBias(),
                s.seed()));
    GenerationRequest.Limits limits = request.limits();
    filled =
        filled.withLimits(
            new GenerationRequest.Limits(limits.maxTokens(), limits.stop(), d.endFrom()));
    GenerationRequest.Thought thought = request.options().thought();
    if (thought.effort().isEmpty()) {
      filled =
          filled.withThought(
              new GenerationRequest.Thought(model.rules().defaultEffort(), thought.budget()));
    }
    Optional<String> system = d.systemPrompt();
    if (system.isPresent() && request.prompt() instanceof Prompt.Conversation c && !hasSystem(c)) {
      List<Item> items = new ArrayList<>();
      items.add(Item.Message.text(Role.SYSTEM, system.get()));
      items.addAll(c.items());
      return filled.withPrompt(new Prompt.Conversation(items));
    }
    return filled;
  }

  private static boolean hasSystem(Prompt.Conversation conversation) {
    return conversation.items().stream()
        .anyMatch(
            i ->
                i instanceof Item.Message m
                    && (m.role() == Role.SYSTEM || m.role() == Role.DEVELOPER));
  }
}
