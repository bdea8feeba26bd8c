package dev.jubal.platform.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.http.edge.Intake;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Collects a body into one array. Until it is wanted no more than {@link #AHEAD} bytes are read, so
 * that nobody fills the memory before the key was looked at; a body that came with its head is then
 * there already.
 *
 * <p>What is not wanted is thrown away as it comes, after the answer: a client that is cut off
 * while it sends sees a reset connection instead of the answer. One that goes on far beyond that,
 * or for too long, is cut off.
 */
public final class BodyReader implements Subscriber<HttpObject> {
  /** Bytes read before it is known whether the body is wanted. */
  static final int AHEAD = 64 * 1024;

  private static final int PATIENCE = 4;

  /** How long an unwanted body may go on once the answer has left. */
  private static final Duration LINGER = Duration.ofSeconds(30);

  private static final byte[] NONE = {};

  private final ServiceRequestContext context;
  private final long limit;
  private final long declared;
  private final Intake.Arrival arrival;
  private final CompletableFuture<Body> body = new CompletableFuture<>();
  private byte[] bytes = NONE;
  private Runnable whenWanted = () -> {};
  private volatile long received;
  private volatile boolean wanted;
  private volatile boolean dropped;
  private volatile boolean ended;
  private volatile @Nullable Subscription subscription;
  private volatile boolean late;
  private @Nullable ScheduledFuture<?> cutOff;

  /**
   * A reader of one body.
   *
   * @param declared the Content-Length, -1 when there is none; believed only as far as bytes arrive
   */
  BodyReader(ServiceRequestContext context, Intake intake, long limit, long declared) {
    this.context = context;
    this.limit = limit;
    this.declared = declared;
    this.arrival = intake.begin(context.eventLoop(), this::tooLate);
  }

  /** Throws away what a client still sends after it was refused, within bounds. */
  public static void discard(ServiceRequestContext context, Intake intake, HttpRequest request) {
    BodyReader reader = new BodyReader(context, intake, AHEAD, -1);
    request.subscribe(reader);
    reader.drop();
  }

  /** What is done once it is wanted, unless it came by itself. */
  void whenWanted(Runnable whenWanted) {
    this.whenWanted = whenWanted;
  }

  private void tooLate(ApiException error) {
    late = true;
    body.completeExceptionally(error);
  }

  /**
   * Reads on, and waits for the whole.
   *
   * @throws ApiException 413 when it is too large, 499 when it breaks off, or what it was given up
   *     with
   */
  Body await() {
    wanted = true;
    if (received == 0 && !ended) {
      whenWanted.run();
    }
    demand();
    try {
      return body.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof ApiException known) {
        throw known;
      }
      throw new ApiException(
          ErrorCode.CLIENT_CLOSED_REQUEST,
          "The body did not arrive whole.",
          null,
          null,
          e.getCause());
    }
  }

  /** Ends the waiting for it. */
  void giveUp(ApiException reason) {
    body.completeExceptionally(reason);
  }

  /** Whether there is more to come than a client can be expected to have sent already. */
  boolean goesOn() {
    return !ended && (declared < 0 || declared - received > AHEAD);
  }

  /** Keeps nothing of it from now on. Call it before the answer leaves. */
  void drop() {
    if (ended) {
      return;
    }
    dropped = true;
    arrival.end();
    // else the framework ends the request, and with it perhaps the connection, with the answer
    context.setRequestAutoAbortDelayMillis(Long.MAX_VALUE);
    context
        .eventLoop()
        .execute(
            () -> {
              bytes = NONE;
              if (late) {
                cutOff();
              } else if (!ended) {
                cutOff =
                    context
                        .eventLoop()
                        .schedule(this::cutOff, LINGER.toMillis(), TimeUnit.MILLISECONDS);
              }
            });
    demand();
  }

  private void demand() {
    Subscription s = subscription;
    if (s != null) {
      s.request(Long.MAX_VALUE);
    }
  }

  private void cutOff() {
    if (ended) {
      return;
    }
    if (!context.sessionProtocol().isMultiplex()) {
      var _ = context.initiateConnectionShutdown();
    }
    Subscription s = subscription;
    if (s != null) {
      s.cancel();
    }
    end();
  }

  @Override
  public void onSubscribe(Subscription s) {
    subscription = s;
    s.request(wanted || dropped ? Long.MAX_VALUE : 1);
  }

  @Override
  public void onNext(HttpObject part) {
    if (part instanceof HttpData data) { // else trailers
      keep(data);
    }
    if (received > bound()) {
      cutOff();
      body.completeExceptionally(tooLarge("more than " + limit + " bytes", limit));
      return;
    }
    Subscription s = subscription;
    if (s != null && !wanted && !dropped && received < AHEAD) {
      s.request(1);
    }
  }

  private void keep(HttpData data) {
    long before = received;
    long after = before + data.length();
    received = after; // written by the event loop alone
    arrival.progress();
    if (dropped || body.isDone()) {
      return;
    }
    try {
      if (after > limit) {
        throw tooLarge("more than " + limit + " bytes", limit);
      }
      append(data.array(), (int) before);
    } catch (ApiException e) {
      bytes = NONE;
      body.completeExceptionally(e);
    }
  }

  /** A stream of HTTP/2 can be ended by itself, a connection of HTTP/1.1 has to be read. */
  private long bound() {
    return dropped && context.sessionProtocol().isMultiplex() ? AHEAD : limit * PATIENCE;
  }

  private void append(byte[] more, int at) {
    int need = at + more.length;
    if (need > bytes.length) {
      long room = declared >= need ? Math.min(declared, 2L * need) : 2L * need;
      int size = (int) Math.min(room, limit);
      arrival.take(size - bytes.length);
      bytes = Arrays.copyOf(bytes, size);
    }
    System.arraycopy(more, 0, bytes, at, more.length);
  }

  @Override
  public void onError(Throwable failure) {
    end();
    body.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    end();
    byte[] whole = bytes;
    bytes = NONE; // the request keeps this reader until it ends
    if (!body.isDone() && !dropped) {
      body.complete(
          new Body(received == whole.length ? whole : Arrays.copyOf(whole, (int) received)));
    }
  }

  private void end() {
    ended = true;
    arrival.end();
    bytes = dropped ? NONE : bytes;
    ScheduledFuture<?> timer = cutOff;
    if (timer != null) {
      timer.cancel(false);
    }
  }

  static ApiException tooLarge(String size, long limit) {
    return new ApiException(
        ErrorCode.BODY_TOO_LARGE,
        "The body has " + size + " (expected: at most " + limit + ", set by server.body-limit).");
  }
}
