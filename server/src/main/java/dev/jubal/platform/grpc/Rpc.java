package dev.jubal.platform.grpc;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.http.Access;
import io.grpc.MethodDescriptor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One method of a service, who may call it, and what answers.
 *
 * @param access who may call it
 * @param endpoint the name an ACL row gives it, the same as that of its twin in REST; also its
 *     label in metrics
 * @param metered whether a call writes to the ledger
 * @param built whether it is more than a name: the others answer UNIMPLEMENTED
 * @param summary one sentence for the reference
 */
public record Rpc<Q, A>(
    MethodDescriptor<Q, A> method,
    Access access,
    String endpoint,
    boolean metered,
    boolean built,
    String summary,
    RpcHandler<Q, A> handler) {

  /** Starts a method. */
  public static <Q, A> Builder<Q, A> of(MethodDescriptor<Q, A> method) {
    return new Builder<>(method);
  }

  /** A method that is known and not part of this version; {@code what} names the feature. */
  public static <Q, A> Rpc<Q, A> later(MethodDescriptor<Q, A> method, String what) {
    String text = what + " are not part of this version (" + method.getFullMethodName() + ").";
    return new Rpc<>(
        method,
        Access.KEY,
        "later",
        false,
        false,
        text,
        (call, answer) -> {
          throw new ApiException(ErrorCode.NOT_IMPLEMENTED, text);
        });
  }

  /** Collects a method's parts; {@link #handle} refuses one without an access class. */
  public static final class Builder<Q, A> {
    private final MethodDescriptor<Q, A> method;
    private @Nullable Access access;
    private String endpoint = "";
    private boolean metered;
    private String summary = "";

    private Builder(MethodDescriptor<Q, A> method) {
      this.method = method;
    }

    public Builder<Q, A> access(Access access, String endpoint) {
      this.access = access;
      this.endpoint = endpoint;
      return this;
    }

    /** Calls of this method stand in the ledger. */
    public Builder<Q, A> metered() {
      this.metered = true;
      return this;
    }

    public Builder<Q, A> summary(String summary) {
      this.summary = summary;
      return this;
    }

    public Rpc<Q, A> handle(RpcHandler<Q, A> handler) {
      Access who =
          Objects.requireNonNull(
              access, () -> method.getFullMethodName() + " states no access class");
      return new Rpc<>(method, who, endpoint, metered, true, summary, handler);
    }
  }
}
