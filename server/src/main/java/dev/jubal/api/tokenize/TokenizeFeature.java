package dev.jubal.api.tokenize;

import dev.jubal.account.Principal;
import dev.jubal.api.Feature;
import dev.jubal.api.IgnoredFields;
import dev.jubal.inference.Backend;
import dev.jubal.inference.BackendFailure;
import dev.jubal.inference.Router;
import dev.jubal.inference.catalogue.Catalogue;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.Exchange;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.http.Routes;
import dev.jubal.platform.json.WireReader;
import java.util.ArrayList;
import java.util.List;

/** The endpoint that shows the tokens of a text. */
public final class TokenizeFeature implements Feature {
  private final Catalogue catalogue;
  private final Router router;

  public TokenizeFeature(Catalogue catalogue, Router router) {
    this.catalogue = catalogue;
    this.router = router;
  }

  @Override
  public void register(Routes routes) {
    routes.add(
        Route.post("/v1/tokenize-text")
            .access(Access.ENDPOINT, "tokenize")
            .summary("Splits a text into the tokens of a model; free of charge.")
            .takes(TokenizeWire.Request.class)
            .gives(TokenizeWire.Response.class)
            .handle(this::tokenize));
  }

  private void tokenize(Call call, Exchange out) {
    WireReader.Body<TokenizeWire.Request> body =
        WireReader.read(call.takeBody(), TokenizeWire.Request.class);
    TokenizeWire.Request wire = body.value();
    Model model =
        catalogue.resolve(wire.model(), Model.Kind.LANGUAGE, call.caller(Principal.class));
    TokenizeWire.Response response = new TokenizeWire.Response(tokens(wire.text(), model, out));
    if (!body.ignored().isEmpty()) {
      out.header("x-jubal-ignored", IgnoredFields.header(body.ignored()));
    }
    out.json(200, response);
  }

  private List<TokenizeWire.Token> tokens(String text, Model model, Exchange out) {
    try {
      Backend backend = router.backend(model);
      out.header("x-jubal-backend", backend.weights(model).name());
      return backend.tokenize(text, model).stream()
          .map(t -> new TokenizeWire.Token(t.id(), t.text(), unsigned(t.bytes())))
          .toList();
    } catch (BackendFailure e) {
      throw Router.error(e);
    }
  }

  private static List<Integer> unsigned(byte[] bytes) {
    List<Integer> out = new ArrayList<>(bytes.length);
    for (byte b : bytes) {
      out.add(Byte.toUnsignedInt(b));
    }
    return out;
  }
}
