package dev.jubal.api.xaigrpc;

import dev.jubal.api.EndUserField;
import dev.jubal.api.Fingerprint;
import dev.jubal.api.GenerationEndpoint;
import dev.jubal.api.IgnoredFields;
import dev.jubal.inference.embedding.Embedder;
import dev.jubal.inference.embedding.EmbeddingBackend.Text;
import dev.jubal.platform.grpc.Rpc;
import dev.jubal.platform.grpc.RpcAnswer;
import dev.jubal.platform.grpc.RpcCall;
import dev.jubal.platform.grpc.Rpcs;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.rates.RateHeaders;
import dev.jubal.proto.xai.EmbedEncodingFormat;
import dev.jubal.proto.xai.EmbedInput;
import dev.jubal.proto.xai.EmbedRequest;
import dev.jubal.proto.xai.EmbedResponse;
import dev.jubal.proto.xai.EmbedderGrpc;
import dev.jubal.proto.xai.Embedding;
import dev.jubal.proto.xai.EmbeddingUsage;
import dev.jubal.proto.xai.FeatureVector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;

/** {@code xai_api.Embedder}. */
final class EmbedRpcs {
  private static final int MOST_INPUTS = 128;

  private final Embedder embedder;

  EmbedRpcs(Embedder embedder) {
    this.embedder = embedder;
  }

  void register(Rpcs rpcs) {
    rpcs.add(
        EmbedderGrpc.getServiceDescriptor(),
        List.of(
            Rpc.of(EmbedderGrpc.getEmbedMethod())
                .access(Access.ENDPOINT, "embeddings")
                .metered()
                .summary("Turns texts into vectors of unit length.")
                .handle(this::embed)));
  }

  private void embed(RpcCall<EmbedRequest> call, RpcAnswer<EmbedResponse> out) {
    EmbedRequest wire = call.request();
    List<String> ignored = new ArrayList<>();
    FieldTable.check(wire, "", ignored);
    boolean base64 = base64(wire);
    if (wire.getModel().isEmpty()) {
      throw Refusal.missing("model", "name of an embedding model");
    }
    Embedder.Answer answer =
        embedder.embed(
            new Embedder.Request(
                "embeddings",
                wire.getModel(),
                inputs(wire, ignored),
                OptionalInt.empty(),
                EndUserField.of("user", wire.getUser())),
            ChatRpcs.caller(call));
    out.header("x-jubal-backend", answer.backend());
    answer.rates().ifPresent(rates -> RateHeaders.openAi(rates).forEach(out::header));
    answer.warning().ifPresent(w -> out.header(GenerationEndpoint.BUDGET_WARNING, w));
    if (!ignored.isEmpty()) {
      out.header("x-jubal-ignored", IgnoredFields.header(ignored));
    }
    EmbedResponse.Builder response =
        EmbedResponse.newBuilder()
            .setId(call.requestId())
            .setModel(answer.model())
            .setSystemFingerprint(Fingerprint.of(answer.backend()))
            .setUsage(EmbeddingUsage.newBuilder().setNumTextEmbeddings(answer.vectors().size()));
    for (int i = 0; i < answer.vectors().size(); i++) {
      response.addEmbeddings(
          Embedding.newBuilder()
              .setIndex(i)
              .addEmbeddings(vector(answer.vectors().get(i), base64)));
    }
    out.send(response.build());
  }

  private static boolean base64(EmbedRequest wire) {
    return switch (wire.getEncodingFormat()) {
      case FORMAT_INVALID, FORMAT_FLOAT -> false;
      case FORMAT_BASE64 -> true;
      case UNRECOGNIZED ->
          throw Refusal.value(
              "encoding_format",
              wire.getEncodingFormatValue(),
              EmbedEncodingFormat.FORMAT_FLOAT + " or " + EmbedEncodingFormat.FORMAT_BASE64);
    };
  }

  private static List<Text> inputs(EmbedRequest wire, List<String> ignored) {
    if (wire.getInputCount() == 0 || wire.getInputCount() > MOST_INPUTS) {
      throw Refusal.count("input", wire.getInputCount(), "elements", "1 to " + MOST_INPUTS);
    }
    List<Text> texts = new ArrayList<>(wire.getInputCount());
    for (int i = 0; i < wire.getInputCount(); i++) {
      EmbedInput input = wire.getInput(i);
      String at = "input[" + i + "]";
      FieldTable.check(input, at, ignored);
      if (input.getString().isEmpty()) {
        throw Refusal.value(at + ".string", "", "a text that is not empty");
      }
      texts.add(new Text.Plain(input.getString()));
    }
    return texts;
  }

  private static FeatureVector vector(float[] values, boolean base64) {
    FeatureVector.Builder vector = FeatureVector.newBuilder();
    if (base64) {
      ByteBuffer bytes =
          ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(values);
      return vector.setBase64Array(Base64.getEncoder().encodeToString(bytes.array())).build();
    }
    for (float value : values) {
      vector.addFloatArray(value);
    }
    return vector.build();
  }
}
