package dev.jubal.platform.grpc;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.time.Cancellation;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one RPC. Its metadata leaves with the first message; until then headers can be set.
 * One that is a single message leaves whole, when the call ends. One thread at a time.
 */
public final class RpcAnswer<A> {
  private final ServerCall<?, A> call;
  private final Executor loop;
  private final Cancellation gone;
  private final boolean streamed;
  private final Metadata headers = new Metadata();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ready = lock.newCondition();
  private boolean headSent;
  private @Nullable A single;

  /**
   * An answer.
   *
   * @param loop writes to the socket
   */
  RpcAnswer(ServerCall<?, A> call, Executor loop, Cancellation gone) {
    this.call = call;
    this.loop = loop;
    this.gone = gone;
    this.streamed = !call.getMethodDescriptor().getType().serverSendsOneMessage();
    gone.onCancel(this::wake);
  }

  /** Sets a header of the answer; too late once a message has left. */
  public void header(String lowerCaseName, String value) {
    headers.put(Metadata.Key.of(lowerCaseName, Metadata.ASCII_STRING_MARSHALLER), value);
  }

  /**
   * Sends a message once the socket took the one before: the back-pressure.
   *
   * @throws ApiException why the call was cancelled
   */
  public void send(A message) {
    if (streamed) {
      awaitReady();
    }
    Optional<ApiException> reason = gone.reason();
    if (reason.isPresent()) {
      throw reason.get();
    }
    if (streamed) {
      write(message);
    } else {
      single = message;
    }
  }

  private void write(A message) {
    if (!headSent) {
      headSent = true;
      call.sendHeaders(headers);
    }
    call.sendMessage(message);
  }

  private void awaitReady() {
    if (call.isReady()) {
      return;
    }
    lock.lock();
    try {
      while (!call.isReady() && !gone.cancelled()) {
        ready.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The socket took what was sent, or nobody waits any longer. */
  void wake() {
    lock.lock();
    try {
      ready.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the call. */
  void close(Status status, Metadata trailers) {
    A whole = status.isOk() ? single : null;
    if (whole == null) {
      end(status, trailers);
      return;
    }
    // at once: each of the three would wake the loop for itself
    loop.execute(
        () -> {
          write(whole);
          end(status, trailers);
        });
  }

  private void end(Status status, Metadata trailers) {
    if (!headSent) {
      // without a message the trailers are all that the client sees
      trailers.merge(headers);
    }
    call.close(status, trailers);
  }
}
