package dev.jubal.platform.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Collects a body into one array. A body over the limit is still read, but not kept, since a client
 * that is cut off while it sends sees a reset connection instead of the 413; one that goes on far
 * beyond that is cut off.
 */
final class BodyReader implements Subscriber<HttpObject> {
  private static final int FIRST = 16 * 1024;
  private static final int PATIENCE = 4;
  private static final byte[] NONE = {};

  private final long limit;
  private final long declared;
  private final CompletableFuture<Body> body = new CompletableFuture<>();
  private byte[] bytes;
  private long received;
  private @Nullable Subscription subscription;

  /** The body is larger than the limit. */
  static final class TooLarge extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /**
   * A reader of one body.
   *
   * @param declared the Content-Length, -1 when there is none; believed only as far as bytes arrive
   */
  BodyReader(long limit, long declared) {
    this.limit = limit;
    this.declared = declared;
    this.bytes = new byte[Math.clamp(declared, 0, FIRST)];
  }

  /** The body, or {@link TooLarge}, or why it did not arrive. */
  CompletableFuture<Body> body() {
    return body;
  }

  @Override
  public void onSubscribe(Subscription s) {
    subscription = s;
    s.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(HttpObject part) {
    if (!(part instanceof HttpData data)) {
      return; // trailers
    }
    byte[] more = data.array();
    if (received + more.length <= limit) {
      append(more);
    } else {
      bytes = NONE;
    }
    received += more.length;
    Subscription s = subscription;
    if (s != null && received > limit * PATIENCE) {
      s.cancel();
      body.completeExceptionally(new TooLarge());
    }
  }

  private void append(byte[] more) {
    int at = (int) received;
    int need = at + more.length;
    if (need > bytes.length) {
      long room = declared >= need ? Math.min(declared, 2L * need) : 2L * need;
      bytes = Arrays.copyOf(bytes, (int) Math.min(room, limit));
    }
    System.arraycopy(more, 0, bytes, at, more.length);
  }

  @Override
  public void onError(Throwable failure) {
    body.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    if (received > limit) {
      body.completeExceptionally(new TooLarge());
    } else {
      byte[] whole = bytes;
      bytes = NONE; // the request keeps this reader until it ends
      body.complete(
          new Body(received == whole.length ? whole : Arrays.copyOf(whole, (int) received)));
    }
  }
}
