package dev.jubal.backend.llama;

import dev.jubal.inference.AnswerFormat;
import dev.jubal.inference.BackendFailure;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.Item;
import dev.jubal.inference.Prompt;
import dev.jubal.inference.Role;
import dev.jubal.inference.SamplingOptions;
import dev.jubal.llama.EngineRequest;
import dev.jubal.llama.ModelInfo;
import dev.jubal.llama.OutputForm;
import dev.jubal.llama.Sampling;
import dev.jubal.llama.Segment;
import dev.jubal.llama.Share;
import dev.jubal.llama.template.ChatTemplate;
import dev.jubal.llama.template.calls.ThoughtTags;
import dev.jubal.llama.template.jinja.value.TemplateException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** The one map from a generation request to an engine request. */
final class EngineRequests {
  private EngineRequests() {}

  static EngineRequest of(
      GenerationRequest asked, AnswerPlan plan, ChatTemplate template, ModelInfo info) {
    GenerationRequest request = asked.withTools(plan.offered());
    return new EngineRequest(
        prompt(asked, plan, template),
        sampling(request.sampling(), info),
        request.options().choices(),
        new EngineRequest.Limits(
            request.limits().maxTokens().orElse(info.contextTokens()),
            stop(request, template),
            false,
            endFrom(request, plan)),
        request.options().topLogprobs().orElse(-1),
        new EngineRequest.Output(
            plan.form(), forcedText(request), plan.landing(), BegunText.of(request, plan)),
        Share.NONE);
  }

  /** Only a text ends before its time; a value, a call and a thought have ends of their own. */
  static int endFrom(GenerationRequest request, AnswerPlan plan) {
    boolean text =
        plan.form() instanceof OutputForm.Text && request.prompt() instanceof Prompt.Conversation;
    return plan.landing() && text ? request.limits().endFrom().orElse(0) : 0;
  }

  /** Text without a choice may be written without asking, unless that could be seen. */
  private static boolean forcedText(GenerationRequest request) {
    SamplingOptions s = request.sampling();
    return s.seed().isEmpty()
        && request.options().topLogprobs().isEmpty()
        && s.temperature().orElse(1.0) > 0;
  }

  /** The prompt of a request whose answer is planned. */
  static List<Segment> prompt(GenerationRequest asked, AnswerPlan plan, ChatTemplate template) {
    List<Segment> all = new ArrayList<>(prompt(asked.withTools(plan.offered()), template));
    all.addAll(BegunText.of(asked, plan));
    return all;
  }

  private static List<Segment> prompt(GenerationRequest request, ChatTemplate template) {
    List<Segment> all = new ArrayList<>(asked(request, template));
    Optional<ThoughtTags> tags = template.thoughts();
    if (tags.isPresent() && request.prompt() instanceof Prompt.Conversation) {
      addThought(all, request, tags.get());
    } else if (thinks(request)) { // it goes on with a draft that was cut off
      request
          .options()
          .thought()
          .before()
          .filter(t -> !t.isEmpty())
          .ifPresent(t -> all.add(new Segment(t, false)));
    }
    return all;
  }

  /**
   * The thought in the model's own tags. One that its template opened unasked is empty, and so is
   * one that could begin unseen.
   */
  private static void addThought(
      List<Segment> prompt, GenerationRequest request, ThoughtTags tags) {
    String end = prompt.isEmpty() ? "" : prompt.getLast().text();
    boolean open = tags.open(end);
    Optional<String> before = request.options().thought().before();
    if (before.isPresent() && !open) {
      prompt.add(new Segment(tags.begin(), true));
    }
    before
        .map(String::strip)
        .filter(t -> !t.isEmpty())
        .ifPresent(t -> prompt.add(new Segment(t, false)));
    if (before.isPresent() ? !thinks(request) : open) {
      prompt.add(new Segment(tags.end(), true));
    } else if (before.isEmpty() && tags.unseen()) {
      prompt.add(new Segment(tags.unthought(), true));
    }
  }

  /** The tags between which a model may think unasked, at the beginning of its answer. */
  static Optional<ThoughtTags> tags(GenerationRequest request, ChatTemplate template) {
    return request.options().thought().before().isPresent()
        ? Optional.empty()
        : template.thoughts().filter(t -> !t.unseen());
  }

  private static boolean thinks(GenerationRequest request) {
    return request.options().format() instanceof AnswerFormat.Thought;
  }

  /** A thought ends at its tag, however that is cut into tokens. */
  private static List<String> stop(GenerationRequest request, ChatTemplate template) {
    return thinks(request)
        ? template.thoughts().map(t -> List.of(t.closing())).orElse(List.of())
        : request.limits().stop();
  }

  private static List<Segment> asked(GenerationRequest request, ChatTemplate template) {
    return switch (request.prompt()) {
      case Prompt.Text t -> List.of(new Segment(t.text(), false));
      case Prompt.Conversation c -> {
        try {
          boolean plain = template.thoughts().isPresent() || thinks(request);
          Prompt.Conversation shown = plain ? c : drafted(c, request);
          yield template.render(Conversations.of(shown, request.options()));
        } catch (TemplateException e) {
          throw new BackendFailure.Rejected(
              "messages", "The model's chat template refuses these messages: " + e.reason());
        }
      }
    };
  }

  /**
   * Weights that never learned to think are shown what they thought as a draft, and the question
   * once more: where the answer goes on from a thought, it goes on with what is wrong in it.
   */
  private static Prompt.Conversation drafted(Prompt.Conversation c, GenerationRequest request) {
    String draft = request.options().thought().before().orElse("").strip();
    Optional<Item> question =
        c.items().reversed().stream()
            .filter(i -> i instanceof Item.Message m && m.role() == Role.USER)
            .findFirst();
    if (draft.isEmpty() || question.isEmpty()) {
      return c;
    }
    List<Item> items = new ArrayList<>(c.items());
    items.add(Item.Message.text(Role.ASSISTANT, draft));
    items.add(question.get());
    return new Prompt.Conversation(items);
  }

  private static Sampling sampling(SamplingOptions s, ModelInfo info) {
    return new Sampling(
        s.temperature().orElse(1.0).floatValue(),
        s.topP().orElse(1.0).floatValue(),
        s.topK().orElse(0),
        s.minP().orElse(0.0).floatValue(),
        (float) s.penalties().frequency(),
        (float) s.penalties().presence(),
        bias(s.logitBias(), info),
        s.seed().orElseGet(() -> ThreadLocalRandom.current().nextLong()),
        s.seed().isPresent());
  }

  private static Map<Integer, Float> bias(Map<Integer, Double> asked, ModelInfo info) {
    Map<Integer, Float> bias = new HashMap<>();
    asked.forEach(
        (token, value) -> {
          if (token < 0 || token >= info.vocabulary()) {
            throw new BackendFailure.Rejected(
                "logit_bias",
                "logit_bias: token "
                    + token
                    + " (expected: an id from 0 to "
                    + (info.vocabulary() - 1)
                    + ").");
          }
          bias.put(token, value.floatValue());
        });
    return bias;
  }
}
