package dev.jubal.api.account;

import dev.jubal.account.Principal;
import dev.jubal.account.keys.ApiKey;
import dev.jubal.account.keys.KeyDetails;
import dev.jubal.api.Feature;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.Exchange;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.http.Routes;
import dev.jubal.platform.json.Times;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The two endpoints. Nothing is cached: a changed key shows at once. */
public final class AccountFeature implements Feature {
  private final KeyDetails keys;

  public AccountFeature(KeyDetails keys) {
    this.keys = keys;
  }

  @Override
  public void register(Routes routes) {
    routes.add(
        Route.get("/v1/api-key")
            .access(Access.SELF, "api-key")
            .summary("Describes the key that calls, without its secret.")
            .gives(AccountWire.Key.class)
            .handle(this::key));
    routes.add(
        Route.get("/v1/me")
            .access(Access.SELF, "me")
            .summary("Says who calls: user, team and key.")
            .gives(AccountWire.Me.class)
            .handle(this::me));
  }

  private void key(Call call, Exchange out) {
    ApiKey key = find(call);
    out.json(
        200,
        new AccountWire.Key(
            key.redacted(),
            key.userId(),
            key.name(),
            Times.text(key.created()),
            Times.text(key.modified()),
            key.userId(),
            key.teamId(),
            call.caller(Principal.class).acls(key),
            key.id(),
            key.team().blocked(),
            false,
            key.disabled(),
            key.expires().map(Times::text).orElse(null),
            limit(key.account().own().qps()),
            limit(key.account().own().qpm()),
            limit(key.account().own().tpm()),
            key.account().project().orElse(null)));
  }

  private static @Nullable Long limit(OptionalLong limit) {
    return limit.isPresent() ? limit.getAsLong() : null;
  }

  private void me(Call call, Exchange out) {
    ApiKey key = find(call);
    out.json(
        200,
        new AccountWire.Me(
            key.userId(),
            key.teamId(),
            key.team().terms().zeroRetention() ? "zdr" : "no_zdr",
            key.team().blocked(),
            new AccountWire.Caller(key.redacted(), key.id(), false, key.disabled())));
  }

  private ApiKey find(Call call) {
    Principal caller = call.caller(Principal.class);
    return keys.byId(caller.keyId())
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.INVALID_API_KEY,
                    "The key "
                        + caller.redactedKey()
                        + " was removed while it was used (expected: a key that exists)."));
  }
}
