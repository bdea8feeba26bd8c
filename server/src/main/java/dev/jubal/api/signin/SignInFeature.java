package dev.jubal.api.signin;

import dev.jubal.account.management.ManagementKey;
import dev.jubal.account.management.Manager;
import dev.jubal.account.management.OperatorGate;
import dev.jubal.account.management.OperatorSession;
import dev.jubal.account.management.OperatorStore;
import dev.jubal.account.management.Roles;
import dev.jubal.api.Feature;
import dev.jubal.platform.crypto.Vault;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.Exchange;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.http.Routes;
import dev.jubal.platform.http.browser.Cookies;
import dev.jubal.platform.oidc.Flow;
import dev.jubal.platform.oidc.Identity;
import dev.jubal.platform.oidc.OidcConfig;
import dev.jubal.platform.oidc.OidcProvider;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The steps of a sign-in. */
public final class SignInFeature implements Feature {
  /** The cookie of who is signed in. */
  public static final String SESSION = "session";

  private static final String BEGUN = "sign-in";
  private static final String ENDPOINT = "sign-in";

  private final Parts parts;
  private final Cookies cookies;
  private final SecureRandom random = new SecureRandom();

  /**
   * What it is made of.
   *
   * @param provider by which operators sign in; empty: nobody does
   * @param vault seals what browsers keep
   * @param ended is told how each sign-in ended, in a word
   */
  public record Parts(
      OidcConfig config,
      Optional<OidcProvider> provider,
      Roles roles,
      OperatorStore operators,
      Vault vault,
      InstantSource now,
      Consumer<String> ended) {}

  public SignInFeature(Parts parts) {
    this.parts = parts;
    this.cookies = new Cookies(parts.config().tls());
  }

  @Override
  public void register(Routes routes) {
    routes.add(
        Route.get("/auth/oidc/login")
            .access(Access.PUBLIC, ENDPOINT)
            .summary("Sends a browser to the identity provider to sign in (303).")
            .query("return_to", "path to which the browser comes in the end")
            .handle(this::login));
    routes.add(
        Route.get("/auth/oidc/callback")
            .access(Access.PUBLIC, ENDPOINT)
            .summary("Takes a browser that comes back from the identity provider (303).")
            .query("code", "what the provider gave")
            .query("state", "which sign-in it is")
            .query("iss", "who gave it")
            .query("error", "why there is no code")
            .handle(this::callback));
    routes.add(
        Route.get("/auth/oidc/me")
            .access(Access.MANAGEMENT_KEY, ENDPOINT)
            .summary("Says who is signed in, and what a page has to send with every change.")
            .gives(SignInWire.Me.class)
            .handle(this::me));
    routes.add(
        Route.post("/auth/oidc/logout")
            .access(Access.MANAGEMENT_KEY, ENDPOINT)
            .summary("Ends the session of who is signed in.")
            .gives(SignInWire.Ended.class)
            .handle(this::logout));
  }

  private OidcProvider provider() {
    return parts
        .provider()
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.NOT_FOUND,
                    "Nobody signs in to this server (expected: oidc.issuer in its"
                        + " configuration)."));
  }

  private void login(Call call, Exchange out) {
    OidcProvider provider = provider();
    String returnTo = call.query("return_to").orElse(parts.config().afterLogin());
    if (!OidcConfig.localPath(returnTo)) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "return_to",
          "return_to: \""
              + returnTo
              + "\" (expected: a path of this server, such as /auth/oidc/me).");
    }
    Flow flow = Flow.begin(random);
    long until = parts.now().instant().plus(Begun.LONGEST).getEpochSecond();
    String address = provider.authorization(flow);
    String sealed = new Begun(flow, returnTo, until).seal(parts.vault());
    out.cookie(cookies.set(BEGUN, sealed, Begun.LONGEST));
    out.redirect(address);
  }

  private void callback(Call call, Exchange out) {
    OidcProvider provider = provider();
    try {
      Begun begun = begun(call);
      Identity who = provider.identity(code(call), call.query("iss"), begun.flow());
      OperatorStore.Begun session = begin(who);
      parts.ended().accept("signed_in");
      out.cookie(cookies.clear(BEGUN));
      out.cookie(cookies.set(SESSION, session.secret().reveal(), parts.config().session()));
      out.redirect(begun.returnTo());
    } catch (ApiException e) {
      parts.ended().accept(e.code().code());
      throw e;
    }
  }

  /** The sign-in that this browser began, as it must be the one that it ends. */
  private Begun begun(Call call) {
    String state =
        call.query("state")
            .orElseThrow(() -> refused("state", "state is missing (expected: what it began with)"));
    Begun begun =
        cookies
            .read(BEGUN, call.header("cookie"))
            .flatMap(cookie -> Begun.open(parts.vault(), cookie, parts.now().instant()))
            .orElseThrow(
                () ->
                    refused(
                        "state",
                        "this browser began none within the last "
                            + Begun.LONGEST.toMinutes()
                            + " minutes (expected: to start at /auth/oidc/login)"));
    if (!MessageDigest.isEqual(bytes(state), bytes(begun.flow().state()))) {
      throw refused("state", "state is that of another sign-in");
    }
    return begun;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String code(Call call) {
    call.query("error")
        .ifPresent(
            error -> {
              throw new ApiException(
                  ErrorCode.SIGN_IN_FAILED,
                  "The sign-in was refused by the issuer: "
                      + error.replaceAll("[^\\x20-\\x7e]", "?")
                      + ".");
            });
    return call.query("code")
        .orElseThrow(() -> refused("code", "code is missing (expected: that of the issuer)"));
  }

  private static ApiException refused(String field, String why) {
    return ApiException.of(ErrorCode.INVALID_VALUE, field, "The sign-in was refused: " + why + ".");
  }

  /** Whoever no group lets in stays outside, and no session is begun. */
  private OperatorStore.Begun begin(Identity who) {
    List<String> groups = parts.roles().known(who.groups());
    if (parts.roles().rights(groups).isEmpty()) {
      throw new ApiException(
          ErrorCode.PERMISSION_DENIED,
          who.name() + " may do nothing here (expected: a group that oidc.roles names).");
    }
    return parts
        .operators()
        .begin(
            new OperatorStore.Operator(who.issuer(), who.subject(), who.name(), groups),
            parts.config().session());
  }

  private void me(Call call, Exchange out) {
    Manager caller = call.caller(Manager.class);
    ManagementKey key = caller.key();
    Optional<OperatorSession> session = caller.session();
    out.header("cache-control", "no-store");
    out.json(
        200,
        new SignInWire.Me(
            "operator",
            session.isPresent() ? "session" : "management_key",
            key.id(),
            key.name(),
            session.map(OperatorSession::issuer).orElse(null),
            session.map(OperatorSession::subject).orElse(null),
            session.map(OperatorSession::groups).orElse(List.of()),
            key.acls(),
            key.expires().map(SignInFeature::text).orElse(null),
            session
                .flatMap(_ -> cookies.read(SESSION, call.header("cookie")))
                .map(OperatorGate::proof)
                .orElse(null)));
  }

  private static String text(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private void logout(Call call, Exchange out) {
    OperatorSession session =
        call.caller(Manager.class)
            .session()
            .orElseThrow(
                () ->
                    new ApiException(
                        ErrorCode.CONFLICT,
                        "A management key is not signed in (expected: the cookie of a session)."));
    parts.operators().end(session.id());
    out.cookie(cookies.clear(SESSION));
    out.json(200, new SignInWire.Ended("operator.session", session.id(), true));
  }
}
