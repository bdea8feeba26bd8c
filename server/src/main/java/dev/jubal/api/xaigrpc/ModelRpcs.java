package dev.jubal.api.xaigrpc;

import com.google.protobuf.Empty;
import dev.jubal.account.Principal;
import dev.jubal.account.ledger.Price;
import dev.jubal.api.Fingerprint;
import dev.jubal.api.UsableNames;
import dev.jubal.inference.Backend;
import dev.jubal.inference.BackendFailure;
import dev.jubal.inference.catalogue.Catalogue;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.grpc.Rpc;
import dev.jubal.platform.grpc.RpcAnswer;
import dev.jubal.platform.grpc.RpcCall;
import dev.jubal.platform.grpc.Rpcs;
import dev.jubal.platform.http.Access;
import dev.jubal.proto.xai.EmbeddingModel;
import dev.jubal.proto.xai.GetModelRequest;
import dev.jubal.proto.xai.ImageGenerationModel;
import dev.jubal.proto.xai.LanguageModel;
import dev.jubal.proto.xai.ListEmbeddingModelsResponse;
import dev.jubal.proto.xai.ListImageGenerationModelsResponse;
import dev.jubal.proto.xai.ListLanguageModelsResponse;
import dev.jubal.proto.xai.Modality;
import dev.jubal.proto.xai.ModelsGrpc;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * {@code xai_api.Models}: the rows that a key may use, each once with its aliases. A key that may
 * use an alias alone sees the row under that alias.
 */
final class ModelRpcs {
  private final Catalogue catalogue;
  private final Function<Model, Backend.Weights> weights;
  private final InstantSource now;

  /** {@code weights}: what stands behind a row; a failure of it leaves facts out of the answer. */
  ModelRpcs(Catalogue catalogue, Function<Model, Backend.Weights> weights, InstantSource now) {
    this.catalogue = catalogue;
    this.weights = weights;
    this.now = now;
  }

  void register(Rpcs rpcs) {
    rpcs.add(
        ModelsGrpc.getServiceDescriptor(),
        List.of(
            Rpc.of(ModelsGrpc.getListLanguageModelsMethod())
                .access(Access.KEY, "models")
                .summary("Lists the language models this key may use.")
                .handle(this::languageModels),
            Rpc.of(ModelsGrpc.getListEmbeddingModelsMethod())
                .access(Access.KEY, "models")
                .summary("Lists the embedding models this key may use.")
                .handle(this::embeddingModels),
            // no model makes pictures yet; the list exists so that clients can ask
            Rpc.of(ModelsGrpc.getListImageGenerationModelsMethod())
                .access(Access.KEY, "models")
                .summary("Lists the image models this key may use.")
                .handle(
                    (call, out) ->
                        out.send(ListImageGenerationModelsResponse.getDefaultInstance())),
            Rpc.of(ModelsGrpc.getGetLanguageModelMethod())
                .access(Access.KEY, "models")
                .summary("Describes a language model by its name or an alias.")
                .handle(
                    (call, out) -> out.send(language(row(call, Model.Kind.LANGUAGE), names(call)))),
            Rpc.of(ModelsGrpc.getGetEmbeddingModelMethod())
                .access(Access.KEY, "models")
                .summary("Describes an embedding model by its name or an alias.")
                .handle(
                    (call, out) ->
                        out.send(embedding(row(call, Model.Kind.EMBEDDING), names(call)))),
            Rpc.of(ModelsGrpc.getGetImageGenerationModelMethod())
                .access(Access.KEY, "models")
                .summary("Describes an image model by its name or an alias.")
                .handle(this::imageModel)));
  }

  private void languageModels(RpcCall<Empty> call, RpcAnswer<ListLanguageModelsResponse> out) {
    ListLanguageModelsResponse.Builder list = ListLanguageModelsResponse.newBuilder();
    rows(call, Model.Kind.LANGUAGE).forEach(row -> list.addModels(language(row, names(call))));
    out.send(list.build());
  }

  private void embeddingModels(RpcCall<Empty> call, RpcAnswer<ListEmbeddingModelsResponse> out) {
    ListEmbeddingModelsResponse.Builder list = ListEmbeddingModelsResponse.newBuilder();
    rows(call, Model.Kind.EMBEDDING).forEach(row -> list.addModels(embedding(row, names(call))));
    out.send(list.build());
  }

  private void imageModel(RpcCall<GetModelRequest> call, RpcAnswer<ImageGenerationModel> out) {
    throw catalogue.unknown(call.request().getName(), List.of(), call.caller(Principal.class));
  }

  private Stream<Model> rows(RpcCall<?> call, Model.Kind kind) {
    return catalogue.models().stream()
        .filter(row -> row.kind() == kind && !names(call).apply(row).all().isEmpty());
  }

  private static Function<Model, UsableNames> names(RpcCall<?> call) {
    Principal caller = call.caller(Principal.class);
    return row -> UsableNames.of(row, caller);
  }

  private Model row(RpcCall<GetModelRequest> call, Model.Kind kind) {
    return catalogue.resolve(call.request().getName(), kind, call.caller(Principal.class));
  }

  private LanguageModel language(Model row, Function<Model, UsableNames> usable) {
    UsableNames names = usable.apply(row);
    Price.Rate rate = row.price(now.instant()).rate();
    Optional<Backend.Weights> behind = behind(row);
    long context =
        behind.map(Backend.Weights::contextTokens).orElse(row.published().contextTokens());
    return LanguageModel.newBuilder()
        .setName(names.all().getFirst())
        .addAllAliases(
            names.aliases().stream().filter(a -> !a.equals(names.all().getFirst())).toList())
        .addInputModalities(Modality.TEXT)
        .addInputModalities(Modality.IMAGE) // seen or described; REST says which
        .addOutputModalities(Modality.TEXT)
        .setPromptTextTokenPrice(rate.prompt())
        .setPromptImageTokenPrice(rate.image())
        .setCompletionTextTokenPrice(rate.completion())
        .setCachedPromptTokenPrice(rate.cached())
        .setCreated(Answers.time(row.published().created()))
        .setMaxPromptLength((int) Math.min(context, Integer.MAX_VALUE))
        .setSystemFingerprint(behind.map(w -> Fingerprint.of(w.name())).orElse(""))
        .build();
  }

  private EmbeddingModel embedding(Model row, Function<Model, UsableNames> usable) {
    UsableNames names = usable.apply(row);
    return EmbeddingModel.newBuilder()
        .setName(names.all().getFirst())
        .addAllAliases(
            names.aliases().stream().filter(a -> !a.equals(names.all().getFirst())).toList())
        .addInputModalities(Modality.TEXT)
        .addOutputModalities(Modality.EMBEDDING)
        .setPromptTextTokenPrice(row.price(now.instant()).rate().prompt())
        .setCreated(Answers.time(row.published().created()))
        .setSystemFingerprint(behind(row).map(w -> Fingerprint.of(w.name())).orElse(""))
        .build();
  }

  private Optional<Backend.Weights> behind(Model row) {
    try {
      return Optional.of(weights.apply(row));
    } catch (BackendFailure | ApiException e) {
      return Optional.empty(); // the list still answers while a backend is down
    }
  }
}
