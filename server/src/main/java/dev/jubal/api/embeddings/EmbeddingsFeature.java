package dev.jubal.api.embeddings;

import dev.jubal.account.Principal;
import dev.jubal.api.Explanation;
import dev.jubal.api.Feature;
import dev.jubal.api.GenerationEndpoint;
import dev.jubal.api.IgnoredFields;
import dev.jubal.inference.Generator;
import dev.jubal.inference.embedding.Embedder;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.Exchange;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.http.Routes;
import dev.jubal.platform.json.WireReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The endpoint of embeddings. */
public final class EmbeddingsFeature implements Feature {
  private final Embedder embedder;

  public EmbeddingsFeature(Embedder embedder) {
    this.embedder = embedder;
  }

  @Override
  public void register(Routes routes) {
    routes.add(
        Route.post("/v1/embeddings")
            .access(Access.ENDPOINT, "embeddings")
            .metered()
            .summary("Turns texts into vectors of unit length.")
            .takes(EmbeddingsWire.Request.class)
            .gives(EmbeddingsWire.Response.class)
            .handle(this::embed));
    routes.add(
        Explanation.route("embeddings", "embeddings", EmbeddingsWire.Request.class)
            .handle(this::explain));
  }

  private void embed(Call call, Exchange out) {
    WireReader.Body<EmbeddingsWire.Request> body =
        WireReader.read(call.takeBody(), EmbeddingsWire.Request.class);
    EmbeddingsWire.Request wire = body.value();
    Embedder.Answer answer = embedder.embed(EmbeddingsDecoder.decode(wire), caller(call, out));
    out.header("x-jubal-backend", answer.backend());
    answer.rates().ifPresent(out::rates);
    answer.warning().ifPresent(w -> out.header(GenerationEndpoint.BUDGET_WARNING, w));
    if (!body.ignored().isEmpty()) {
      out.header("x-jubal-ignored", IgnoredFields.header(body.ignored()));
    }
    out.json(200, response(answer, "base64".equals(wire.encodingFormat())));
  }

  private void explain(Call call, Exchange out) {
    EmbeddingsWire.Request wire =
        WireReader.read(call.takeBody(), EmbeddingsWire.Request.class).value();
    out.json(
        200, Explanation.of(embedder.explain(EmbeddingsDecoder.decode(wire), caller(call, out))));
  }

  private static Generator.Caller caller(Call call, Exchange out) {
    return new Generator.Caller(
        call.caller(Principal.class), call.requestId(), call.clientRequestId(), out.gone());
  }

  private static EmbeddingsWire.Response response(Embedder.Answer answer, boolean base64) {
    List<EmbeddingsWire.Item> items = new ArrayList<>(answer.vectors().size());
    for (float[] vector : answer.vectors()) {
      EmbeddingsWire.Vector form =
          base64
              ? new EmbeddingsWire.Vector.Base64(base64(vector))
              : new EmbeddingsWire.Vector.Floats(vector);
      items.add(new EmbeddingsWire.Item(items.size(), form));
    }
    EmbeddingsWire.Usage usage =
        new EmbeddingsWire.Usage(
            answer.usage().prompt(), answer.usage().total(), answer.costTicks());
    return new EmbeddingsWire.Response(items, answer.model(), usage);
  }

  private static String base64(float[] vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}
