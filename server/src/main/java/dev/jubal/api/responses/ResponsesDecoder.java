package dev.jubal.api.responses;

import dev.jubal.api.Decoded;
import dev.jubal.api.EndUserField;
import dev.jubal.api.FormatFields;
import dev.jubal.api.FunctionFields;
import dev.jubal.api.ServiceTiers;
import dev.jubal.api.ToolsReader;
import dev.jubal.inference.AnswerFormat;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.Item;
import dev.jubal.inference.Prompt;
import dev.jubal.inference.Role;
import dev.jubal.inference.Tools;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.inference.memory.Conversation;
import dev.jubal.inference.memory.Kept;
import dev.jubal.inference.memory.StoredResponse;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.json.WireReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/** Station 3: a responses body becomes a {@link GenerationRequest}. Only its texts stay alive. */
final class ResponsesDecoder {
  private static final String FORMAT = "text.format";
  private static final Decoded.SchemaFields SCHEMAS =
      new Decoded.SchemaFields(FORMAT + ".schema", ".parameters");
  private static final String LOGPROBS = "message.output_text.logprobs";
  static final String ENCRYPTED = "reasoning.encrypted_content";

  private final ResponsesWire.Request wire;
  private final List<String> ignored;
  private final Setting setting;
  private final Conversation before;

  private ResponsesDecoder(WireReader.Body<ResponsesWire.Request> body, Setting setting) {
    this.wire = body.value();
    this.setting = setting;
    this.ignored = new ArrayList<>(body.ignored());
    this.before =
        Optional.ofNullable(wire.previousResponseId())
            .map(setting.recall()::conversation)
            .orElse(Conversation.NEW);
  }

  /**
   * What a request is read in.
   *
   * @param responseId of the response to be
   * @param recall what it can refer to
   * @param stores whether its response may be stored; asked only when the request wants it
   * @param defaults what the row of a model says where a request says nothing
   */
  record Setting(
      String responseId,
      Recall recall,
      BooleanSupplier stores,
      Function<String, Model.Defaults> defaults) {}

  /**
   * A read request, and what its response repeats of it.
   *
   * @param encrypted whether thoughts come with their encrypted content
   * @param kept what is remembered of the request, without an answer yet
   * @param before what it continues
   */
  record Asked(
      Decoded decoded,
      ResponseEcho echo,
      boolean encrypted,
      StoredResponse.Content kept,
      Conversation before) {}

  static Asked decode(byte[] body, Setting setting) {
    return new ResponsesDecoder(WireReader.read(body, ResponsesWire.Request.class), setting)
        .asked();
  }

  static Asked decode(ObjectNode body, Setting setting) {
    return new ResponsesDecoder(WireReader.read(body, ResponsesWire.Request.class), setting)
        .asked();
  }

  private Asked asked() {
    Optional<String> instructions =
        Optional.ofNullable(wire.instructions()).or(before::instructions);
    ResponsesInput reading =
        new ResponsesInput(ignored, setting.recall(), setting.responseId(), before);
    List<Kept> input = reading.kept(Optional.of(wire.input()));
    refuseOutputsWithoutCalls(input);
    List<Item> items = new ArrayList<>();
    instructions
        .filter(text -> !text.isEmpty())
        .ifPresent(text -> items.add(Item.Message.text(Role.SYSTEM, text)));
    items.addAll(before.items());
    items.addAll(Kept.items(input));
    EndUserField.check("safety_identifier", wire.safetyIdentifier());
    ToolsReader reader = new ToolsReader("");
    Tools tools = tools(reader);
    GenerationRequest request =
        new GenerationRequest(
            ResponsesFeature.DIALECT,
            wire.model(),
            new Prompt.Conversation(items),
            wire.sampling().options(),
            new GenerationRequest.Limits(
                wire.maxOutputTokens() == null
                    ? OptionalInt.empty()
                    : OptionalInt.of(wire.maxOutputTokens()),
                List.of()),
            new GenerationRequest.Options(
                    1,
                    topLogprobs(),
                    GenerationRequest.Thought.of(effort()),
                    EndUserField.ofEither(wire.user(), wire.safetyIdentifier()),
                    format(),
                    tools)
                .servedAs(ServiceTiers.asked(wire.serviceTier())),
            Boolean.TRUE.equals(wire.stream()));
    return new Asked(
        new Decoded(request, ignored, SCHEMAS, names(), reading.pictures()),
        new ResponseEcho(
            wire,
            request.options(),
            new ResponseEcho.Around(instructions, store(), setting.defaults().apply(wire.model()))),
        wire.include() != null && wire.include().contains(ENCRYPTED),
        new StoredResponse.Content(
            wire.model(),
            instructions,
            input,
            List.of(),
            new Tools(reader.functions(), new Tools.Choice.Auto(), tools.parallel()),
            Optional.empty(),
            Optional.empty()),
        before);
  }

  private boolean store() {
    boolean wanted = !Boolean.FALSE.equals(wire.store());
    boolean stores = wanted && setting.stores().getAsBoolean();
    if (Boolean.TRUE.equals(wire.store()) && !stores) {
      ignored.add("store");
    }
    return stores;
  }

  /** Who continues a response answers its calls, and no others. */
  private void refuseOutputsWithoutCalls(List<Kept> input) {
    if (wire.previousResponseId() == null) {
      return;
    }
    Set<String> called = new HashSet<>();
    for (int i = 0; i < input.size(); i++) {
      for (Item item : input.get(i).items()) {
        switch (item) {
          case Item.FunctionCall c -> called.add(c.callId());
          case Item.FunctionCallOutput o -> {
            if (!called.contains(o.callId()) && !before.called(o.callId())) {
              String at = "input[" + i + "].call_id";
              throw ApiException.of(
                  ErrorCode.INVALID_VALUE,
                  at,
                  at
                      + ": \""
                      + o.callId()
                      + "\" (expected: the call_id of a call in the conversation before it).");
            }
          }
          case Item.Message _, Item.Reasoning _ -> {
            // answers nothing
          }
        }
      }
    }
  }

  private AnswerFormat format() {
    ResponsesWire.Text text = wire.text();
    ResponsesWire.AnswerForm form = text == null ? null : text.format();
    return form == null
        ? new AnswerFormat.Text()
        : FormatFields.format(form.type(), form.fields(), FORMAT);
  }

  private Tools tools(ToolsReader reader) {
    List<ToolsReader.Offered> offered =
        wire.tools() == null
            ? before.tools().functions().stream().map(ResponsesDecoder::offered).toList()
            : wire.tools().stream()
                .map(t -> new ToolsReader.Offered(t.type(), t.function()))
                .toList();
    return reader.read(offered, wire.toolChoice(), !Boolean.FALSE.equals(wire.parallelToolCalls()));
  }

  /** A function of the response before. */
  private static ToolsReader.Offered offered(Tools.Function f) {
    ObjectNode parameters = (ObjectNode) Json.tree(f.parameters().getBytes(StandardCharsets.UTF_8));
    return new ToolsReader.Offered(
        "function", new FunctionFields(f.name(), f.description(), parameters, null, null));
  }

  private Map<String, String> names() {
    boolean flat = wire.reasoning() == null;
    return flat ? Map.of() : Map.of("reasoning_effort", "reasoning.effort");
  }

  private Optional<String> effort() {
    ResponsesWire.Thinking reasoning = wire.reasoning();
    return Optional.ofNullable(reasoning == null ? wire.reasoningEffort() : reasoning.effort());
  }

  private OptionalInt topLogprobs() {
    int top = Objects.requireNonNullElse(wire.topLogprobs(), 0);
    boolean included = false;
    List<String> include = Objects.requireNonNullElse(wire.include(), List.of());
    for (int i = 0; i < include.size(); i++) {
      if (include.get(i).equals(LOGPROBS)) {
        included = true;
      } else if (!include.get(i).equals(ENCRYPTED)) {
        ignored.add("include[" + i + "]");
      }
    }
    return included || top > 0 || Boolean.TRUE.equals(wire.logprobs())
        ? OptionalInt.of(top)
        : OptionalInt.empty();
  }
}
