package dev.jubal.api.xaigrpc;

import dev.jubal.account.keys.KeyDetails;
import dev.jubal.api.GenerationEndpoint;
import dev.jubal.inference.Backend;
import dev.jubal.inference.Router;
import dev.jubal.inference.catalogue.Catalogue;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.inference.embedding.Embedder;
import dev.jubal.inference.work.WorkQueue;
import dev.jubal.platform.grpc.Rpcs;
import java.time.InstantSource;
import java.util.function.Function;

/** All of xAI's gRPC services. */
public final class XaiGrpc {
  private final Parts parts;

  /**
   * What they work with.
   *
   * @param weights what stands behind a row
   * @param work takes what is collected later
   */
  public record Parts(
      GenerationEndpoint generation,
      Embedder embedder,
      Catalogue catalogue,
      Router router,
      Function<Model, Backend.Weights> weights,
      KeyDetails keys,
      InstantSource now,
      WorkQueue work,
      Remembered remembered) {}

  public XaiGrpc(Parts parts) {
    this.parts = parts;
  }

  /** Adds every method of every service. */
  public void register(Rpcs rpcs) {
    new AuthRpcs(parts.keys).register(rpcs);
    new ChatRpcs(
            parts.generation,
            parts.remembered,
            new DeferredRpcs(parts.generation, parts.work, parts.remembered),
            new StoredRpcs(parts.remembered))
        .register(rpcs);
    new SampleRpcs(parts.generation).register(rpcs);
    new EmbedRpcs(parts.embedder).register(rpcs);
    new TokenizeRpcs(parts.catalogue, parts.router).register(rpcs);
    new ModelRpcs(parts.catalogue, parts.weights, parts.now).register(rpcs);
    LaterRpcs.register(rpcs);
  }
}
