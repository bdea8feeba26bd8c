package dev.jubal.api.xaigrpc;

import com.google.protobuf.Empty;
import dev.jubal.account.Principal;
import dev.jubal.account.keys.KeyDetails;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.grpc.Rpc;
import dev.jubal.platform.grpc.RpcAnswer;
import dev.jubal.platform.grpc.RpcCall;
import dev.jubal.platform.grpc.Rpcs;
import dev.jubal.platform.http.Access;
import dev.jubal.proto.xai.ApiKey;
import dev.jubal.proto.xai.AuthGrpc;
import java.util.List;

/** {@code xai_api.Auth}. Nothing is cached: a changed key shows at once. */
final class AuthRpcs {
  private final KeyDetails keys;

  AuthRpcs(KeyDetails keys) {
    this.keys = keys;
  }

  void register(Rpcs rpcs) {
    rpcs.add(
        AuthGrpc.getServiceDescriptor(),
        List.of(
            Rpc.of(AuthGrpc.getGetApiKeyInfoMethod())
                .access(Access.SELF, "api-key")
                .summary("Describes the key that calls, without its secret.")
                .handle(this::info)));
  }

  private void info(RpcCall<Empty> call, RpcAnswer<ApiKey> out) {
    Principal caller = call.caller(Principal.class);
    dev.jubal.account.keys.ApiKey key =
        keys.byId(caller.keyId())
            .orElseThrow(
                () ->
                    new ApiException(
                        ErrorCode.INVALID_API_KEY,
                        "The key "
                            + caller.redactedKey()
                            + " was removed while it was used (expected: a key that exists)."));
    out.send(
        ApiKey.newBuilder()
            .setRedactedApiKey(key.redacted())
            .setUserId(key.userId())
            .setName(key.name())
            .setCreateTime(Answers.time(key.created()))
            .setModifyTime(Answers.time(key.modified()))
            .setModifiedBy(key.userId())
            .setTeamId(key.teamId())
            .addAllAcls(caller.acls(key))
            .setApiKeyId(key.id())
            .setDisabled(key.disabled())
            .setTeamBlocked(key.team().blocked())
            .build());
  }
}
