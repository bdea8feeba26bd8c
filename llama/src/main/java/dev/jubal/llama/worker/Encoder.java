package dev.jubal.llama.worker;

import dev.jubal.llama.CallSyntax;
import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.EngineListener.Alternative;
import dev.jubal.llama.EngineListener.SampledToken;
import dev.jubal.llama.EngineOptions;
import dev.jubal.llama.EngineRequest;
import dev.jubal.llama.EngineStats;
import dev.jubal.llama.ModelInfo;
import dev.jubal.llama.OutputForm;
import dev.jubal.llama.Sampling;
import dev.jubal.llama.Segment;
import dev.jubal.llama.Share;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Messages to bytes; {@link Decoder} is its mirror, tag by tag and field by field. */
final class Encoder {
  private Encoder() {}

  static ByteBuffer encode(Message message) {
    ByteSink out = new ByteSink();
    switch (message) {
      case Message.Open m ->
          options(out.tag(1).integer(m.version()), m.options()).integer(m.heartbeatMillis());
      case Message.Submit m ->
          request(out.tag(2).integer(m.id()).integer(m.credits()), m.request());
      case Message.Cancel m -> out.tag(3).integer(m.id());
      case Message.Credit m -> out.tag(4).integer(m.id()).integer(m.events());
      case Message.AskTokens m -> out.tag(5).integer(m.call()).list(m.prompt(), Encoder::segment);
      case Message.AskPieces m -> out.tag(6).integer(m.call()).integers(m.tokens());
      case Message.AskStats m -> out.tag(7).integer(m.call());
      case Message.Hello m -> info(out.tag(8).integer(m.version()), m.info());
      case Message.LoadFailed m -> failure(out.tag(9).integer(m.version()), m.kind(), m.reason());
      case Message.Heartbeat m -> stats(out.tag(10), m.stats());
      case Message.Tokens m -> out.tag(11).integer(m.call()).integers(m.tokens());
      case Message.Pieces m -> out.tag(12).integer(m.call()).list(m.pieces(), ByteSink::bytes);
      case Message.Stats m -> stats(out.tag(13).integer(m.call()), m.stats());
      case Message.CallFailed m -> failure(out.tag(14).integer(m.call()), m.kind(), m.reason());
      case Message.Event event -> event(out, event);
    }
    return out.frame();
  }

  private static void event(ByteSink out, Message.Event event) {
    switch (event) {
      case Message.Started m ->
          out.tag(15).integer(m.id()).integer(m.promptTokens()).integer(m.cachedTokens());
      case Message.Queued m ->
          out.tag(20).integer(m.id()).integer(m.position()).integer(m.etaMillis());
      case Message.Text m ->
          out.tag(16)
              .integer(m.id())
              .integer(m.choice())
              .text(m.text())
              .list(m.tokens(), Encoder::token);
      case Message.ChoiceFinished m ->
          out.tag(17)
              .integer(m.id())
              .integer(m.choice())
              .text(m.reason().name())
              .optionalText(m.stop());
      case Message.Finished m ->
          out.tag(18)
              .integer(m.id())
              .integer(m.counts().prompt())
              .integer(m.counts().cached())
              .integer(m.counts().completion());
      case Message.Failed m -> failure(out.tag(19).integer(m.id()), m.kind(), m.reason());
    }
  }

  private static ByteSink options(ByteSink out, EngineOptions options) {
    return out.text(options.library().toString())
        .text(options.model().toString())
        .integer(options.slots())
        .integer(options.contextTokens())
        .integer(options.threads())
        .text(options.device())
        .integer(options.queueSize())
        .integer(options.queueWait().toMillis())
        .optionalText(options.prefixes().map(Path::toString).orElse(null))
        .integer(options.backgroundTurn());
  }

  private static void request(ByteSink out, EngineRequest request) {
    out.list(request.prompt(), Encoder::segment);
    sampling(out, request.sampling());
    out.integer(request.choices())
        .integer(request.limits().maxTokens())
        .list(request.limits().stop(), ByteSink::text)
        .flag(request.limits().ignoreEnd())
        .integer(request.limits().endFrom())
        .integer(request.topLogprobs())
        .flag(request.output().forcedText())
        .flag(request.output().landing())
        .list(request.output().begun(), Encoder::segment);
    form(out, request.output().form());
    share(out, request.share());
  }

  private static void form(ByteSink out, OutputForm form) {
    switch (form) {
      case OutputForm.Text _ -> out.tag(1);
      case OutputForm.JsonObject _ -> out.tag(2);
      case OutputForm.JsonSchema f -> out.tag(3).text(f.schema());
      case OutputForm.Calls f -> {
        syntax(out.tag(4), f.syntax());
        out.list(f.functions(), Encoder::function).flag(f.parallel());
        out.flag(f.otherwise().isPresent());
        f.otherwise().ifPresent(other -> form(out, other));
      }
    }
  }

  private static void function(ByteSink out, OutputForm.Function function) {
    out.text(function.name()).text(function.parameters());
  }

  private static void syntax(ByteSink out, CallSyntax syntax) {
    out.list(syntax.opening(), Encoder::segment)
        .list(syntax.beforeName(), Encoder::segment)
        .list(syntax.beforeArguments(), Encoder::segment)
        .list(syntax.afterArguments(), Encoder::segment)
        .list(syntax.between(), Encoder::segment)
        .list(syntax.closing(), Encoder::segment)
        .flag(syntax.anywhere());
  }

  private static void share(ByteSink out, Share share) {
    out.text(share.team())
        .text(share.key())
        .text(share.user())
        .integer(share.weight())
        .flag(share.background());
  }

  private static void sampling(ByteSink out, Sampling sampling) {
    out.real(sampling.temperature())
        .real(sampling.topP())
        .integer(sampling.topK())
        .real(sampling.minP())
        .real(sampling.frequencyPenalty())
        .real(sampling.presencePenalty())
        .integer(sampling.logitBias().size());
    sampling.logitBias().forEach((token, bias) -> out.integer(token).real(bias));
    out.integer(sampling.seed()).flag(sampling.repeatable());
  }

  private static void segment(ByteSink out, Segment segment) {
    out.flag(segment.special()).text(segment.text());
  }

  private static void token(ByteSink out, SampledToken token) {
    out.integer(token.id())
        .bytes(token.bytes())
        .real(token.logprob())
        .list(token.top(), Encoder::alternative);
  }

  private static void alternative(ByteSink out, Alternative alternative) {
    out.integer(alternative.id()).bytes(alternative.bytes()).real(alternative.logprob());
  }

  private static void info(ByteSink out, ModelInfo info) {
    out.text(info.description())
        .integer(info.contextTokens())
        .integer(info.trainedContextTokens())
        .integer(info.vocabulary())
        .integer(info.parameters())
        .integer(info.fileBytes())
        .integer(info.slots())
        .optionalText(info.template());
  }

  private static void stats(ByteSink out, EngineStats stats) {
    out.integer(stats.busySlots())
        .integer(stats.queued())
        .integer(stats.decodeSteps())
        .integer(stats.decodeNanos())
        .integer(stats.sampleNanos())
        .integer(stats.promptTokens())
        .integer(stats.cachedTokens())
        .integer(stats.completionTokens())
        .integer(stats.restarts());
  }

  private static void failure(ByteSink out, EngineFailure.Kind kind, String reason) {
    out.text(kind.name()).text(reason);
  }
}
