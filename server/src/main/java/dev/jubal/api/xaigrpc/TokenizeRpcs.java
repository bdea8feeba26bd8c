package dev.jubal.api.xaigrpc;

import com.google.protobuf.ByteString;
import dev.jubal.account.Principal;
import dev.jubal.inference.Backend;
import dev.jubal.inference.BackendFailure;
import dev.jubal.inference.Router;
import dev.jubal.inference.catalogue.Catalogue;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.platform.grpc.Rpc;
import dev.jubal.platform.grpc.RpcAnswer;
import dev.jubal.platform.grpc.RpcCall;
import dev.jubal.platform.grpc.Rpcs;
import dev.jubal.platform.http.Access;
import dev.jubal.proto.xai.Token;
import dev.jubal.proto.xai.TokenizeGrpc;
import dev.jubal.proto.xai.TokenizeTextRequest;
import dev.jubal.proto.xai.TokenizeTextResponse;
import java.util.List;

/** {@code xai_api.Tokenize}: free of charge, and so without a row in the ledger. */
final class TokenizeRpcs {
  private final Catalogue catalogue;
  private final Router router;

  TokenizeRpcs(Catalogue catalogue, Router router) {
    this.catalogue = catalogue;
    this.router = router;
  }

  void register(Rpcs rpcs) {
    rpcs.add(
        TokenizeGrpc.getServiceDescriptor(),
        List.of(
            Rpc.of(TokenizeGrpc.getTokenizeTextMethod())
                .access(Access.ENDPOINT, "tokenize")
                .summary("Splits a text into the tokens of a model; free of charge.")
                .handle(this::tokenize)));
  }

  private void tokenize(RpcCall<TokenizeTextRequest> call, RpcAnswer<TokenizeTextResponse> out) {
    TokenizeTextRequest wire = call.request();
    if (wire.getModel().isEmpty()) {
      throw Refusal.missing("model", "name of a language model");
    }
    Model model =
        catalogue.resolve(wire.getModel(), Model.Kind.LANGUAGE, call.caller(Principal.class));
    TokenizeTextResponse.Builder response = TokenizeTextResponse.newBuilder().setModel(model.id());
    try {
      Backend backend = router.backend(model);
      out.header("x-jubal-backend", backend.weights(model).name());
      for (Backend.Token token : backend.tokenize(wire.getText(), model)) {
        response.addTokens(
            Token.newBuilder()
                .setTokenId(token.id())
                .setStringToken(token.text())
                .setTokenBytes(ByteString.copyFrom(token.bytes())));
      }
    } catch (BackendFailure e) {
      throw Router.error(e);
    }
    out.send(response.build());
  }
}
