package dev.jubal.platform.net;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.ClientFactoryBuilder;
import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.ResponseTimeoutException;
import com.linecorp.armeria.client.UnprocessedRequestException;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.proxy.ProxyConfig;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.SplitHttpResponse;
import dev.jubal.platform.net.FetchFailure.Kind;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks addresses that come from a caller. Thread-safe; blocks, so callers should be virtual
 * threads.
 *
 * <p>Only http and https, never an address that {@link AddressRule} refuses, and the address that
 * was judged is the one connected to, under the host's own name in Host, SNI and certificate: a
 * name that resolves to something else a moment later changes nothing. Each redirect is judged
 * anew. There is no proxy, no cookie, no credential, and nothing is decompressed.
 */
public final class PublicHttp implements AutoCloseable {
  private static final int MOST_REDIRECTS = 3;
  private static final int AT_ONCE = 32;
  private static final int MOST_ADDRESSES = 2;
  private static final long MOST_REPLY = 64 * 1024;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private final Lookups lookups;
  private final Semaphore running = new Semaphore(AT_ONCE);
  private final Consumer<ClientFactoryBuilder> trust;
  private @Nullable ClientFactory factory; // made on first use: most servers never need it
  private boolean closed;

  public PublicHttp(NetConfig config, Resolver resolver) {
    this(config, resolver, builder -> {});
  }

  /** {@code trust} sets whose certificates are believed. */
  PublicHttp(NetConfig config, Resolver resolver, Consumer<ClientFactoryBuilder> trust) {
    this.lookups = new Lookups(resolver, new AddressRule(config));
    this.trust = trust;
  }

  /**
   * What is asked for.
   *
   * @param types media types that are taken, in lower case
   * @param mostBytes most bytes of the body
   * @param within the time for all of it: lookup, redirects, body
   */
  public record Wanted(Set<String> types, int mostBytes, Duration within) {
    public Wanted {
      types = Set.copyOf(types);
    }
  }

  /**
   * Gets a body.
   *
   * @throws FetchFailure when the address may not be asked or brought nothing that was wanted
   */
  public byte[] get(String url, Wanted wanted) throws FetchFailure {
    Deadline deadline = new Deadline(wanted.within);
    return limited(
        () -> {
          URI uri = Target.parse(url);
          for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            Target target = lookups.judge(uri, deadline.left());
            RequestHeaders head = head(target, HttpMethod.GET, Map.of());
            Answer answer =
                send(target, HttpRequest.of(head), wanted.mostBytes, deadline, wanted.types);
            if (answer.location == null) {
              return answer.body;
            }
            uri = Target.redirected(uri, answer.location);
          }
          throw new FetchFailure(
              Kind.BAD_ANSWER, "more than " + MOST_REDIRECTS + " redirects (expected: fewer)");
        });
  }

  /**
   * Posts a body and follows no redirect.
   *
   * @param headers names in lower case; content-type among them
   * @return the status, of whatever kind
   * @throws FetchFailure when the address may not be asked, or no status came in time
   */
  public int post(String url, Map<String, String> headers, byte[] body, Duration within)
      throws FetchFailure {
    Deadline deadline = new Deadline(within);
    return limited(
        () -> {
          Target target = lookups.judge(Target.parse(url), deadline.left());
          RequestHeaders head = head(target, HttpMethod.POST, headers);
          return send(target, HttpRequest.of(head, HttpData.wrap(body)), MOST_REPLY, deadline, null)
              .status;
        });
  }

  /**
   * Judges a URL without asking it anything; it is judged again when it is asked.
   *
   * @throws FetchFailure when it may not be asked now
   */
  public void check(String url, Duration within) throws FetchFailure {
    var _ = lookups.judge(Target.parse(url), within);
  }

  private interface Work<T> {
    T run() throws FetchFailure;
  }

  private <T> T limited(Work<T> work) throws FetchFailure {
    if (!running.tryAcquire()) {
      throw new FetchFailure(
          Kind.BUSY, AT_ONCE + " requests to other servers run already (expected: fewer)");
    }
    try {
      return work.run();
    } finally {
      running.release();
    }
  }

  private static RequestHeaders head(
      Target target, HttpMethod method, Map<String, String> headers) {
    RequestHeadersBuilder head = RequestHeaders.builder(method, target.path());
    head.set(HttpHeaderNames.USER_AGENT, "Jubal");
    headers.forEach(head::set);
    return head.build();
  }

  /** An answer: a redirect, or a status and what came with it. */
  private record Answer(int status, @Nullable String location, byte[] body) {}

  /** Tries a second address only where nothing was sent to the first. */
  private Answer send(
      Target target, HttpRequest request, long most, Deadline deadline, @Nullable Set<String> types)
      throws FetchFailure {
    List<InetAddress> addresses = target.addresses();
    int last = Math.min(MOST_ADDRESSES, addresses.size()) - 1;
    for (int i = 0; ; i++) {
      try {
        return receive(
            client(target, addresses.get(i), most, deadline).execute(request),
            most,
            deadline,
            types);
      } catch (ExecutionException e) {
        if (i >= last || !(e.getCause() instanceof UnprocessedRequestException)) {
          throw failure(e.getCause());
        }
      } catch (TimeoutException e) {
        throw late();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new FetchFailure(Kind.UNREACHABLE, "the server is stopping");
      }
    }
  }

  private WebClient client(Target target, InetAddress address, long most, Deadline deadline)
      throws FetchFailure {
    String host = Target.host(target.uri());
    Endpoint endpoint = Endpoint.of(host, target.port()).withIpAddr(address.getHostAddress());
    return WebClient.builder(target.secure() ? SessionProtocol.H1 : SessionProtocol.H1C, endpoint)
        .factory(factory())
        .responseTimeout(deadline.left())
        .maxResponseLength(most)
        .build();
  }

  private Answer receive(
      HttpResponse response, long most, Deadline deadline, @Nullable Set<String> types)
      throws FetchFailure, ExecutionException, InterruptedException, TimeoutException {
    SplitHttpResponse split = response.split();
    try {
      ResponseHeaders head = split.headers().get(deadline.left().toMillis(), TimeUnit.MILLISECONDS);
      int status = head.status().code();
      String location = head.get(HttpHeaderNames.LOCATION);
      if (types == null) {
        return new Answer(status, null, new byte[0]);
      }
      if (REDIRECTS.contains(status) && location != null) {
        return new Answer(status, location, new byte[0]);
      }
      wanted(head, most, types);
      List<HttpData> body =
          split.body().collect().get(deadline.left().toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(status, null, joined(body));
    } finally {
      response.abort(); // does nothing to one that was read to its end
    }
  }

  private static byte[] joined(List<HttpData> parts) {
    byte[] all = new byte[parts.stream().mapToInt(HttpData::length).sum()];
    int at = 0;
    for (HttpData part : parts) {
      System.arraycopy(part.array(), 0, all, at, part.length());
      at += part.length();
    }
    return all;
  }

  private static void wanted(ResponseHeaders head, long most, Set<String> types)
      throws FetchFailure {
    if (head.status().code() != 200) {
      throw new FetchFailure(
          Kind.BAD_ANSWER, "the server answered " + head.status().code() + " (expected: 200)");
    }
    String type = head.get(HttpHeaderNames.CONTENT_TYPE, "").toLowerCase(Locale.ROOT);
    int end = type.indexOf(';');
    if (!types.contains((end < 0 ? type : type.substring(0, end)).strip())) {
      throw new FetchFailure(
          Kind.BAD_ANSWER,
          "the server's content-type is none of those taken (expected: one of "
              + String.join(", ", types.stream().sorted().toList())
              + ")");
    }
    if (head.contentLength() > most) {
      throw tooLarge(most);
    }
  }

  private static FetchFailure failure(@Nullable Throwable cause) {
    if (cause instanceof ContentTooLargeException e) {
      return tooLarge(e.maxContentLength());
    }
    if (cause instanceof ResponseTimeoutException) {
      return late();
    }
    return new FetchFailure(
        Kind.UNREACHABLE,
        "no whole answer came (expected: a server that listens, and a certificate of its name)");
  }

  private static FetchFailure tooLarge(long most) {
    return new FetchFailure(
        Kind.TOO_LARGE, "the answer is too large (expected: at most " + most + " bytes)");
  }

  private static FetchFailure late() {
    return new FetchFailure(Kind.TIMEOUT, "the answer took too long");
  }

  private synchronized ClientFactory factory() throws FetchFailure {
    if (closed) {
      throw new FetchFailure(Kind.UNREACHABLE, "the server is stopping");
    }
    if (factory == null) {
      ClientFactoryBuilder builder =
          ClientFactory.builder()
              .workerGroup(1)
              .proxyConfig(ProxyConfig.direct())
              .connectTimeout(Duration.ofSeconds(2))
              .idleTimeout(Duration.ofSeconds(1));
      trust.accept(builder);
      factory = builder.build();
    }
    return factory;
  }

  /** When all has to be done. */
  private static final class Deadline {
    private final long end;

    Deadline(Duration within) {
      this.end = System.nanoTime() + within.toNanos();
    }

    Duration left() throws FetchFailure {
      long nanos = end - System.nanoTime();
      if (nanos < 1_000_000) {
        throw late();
      }
      return Duration.ofNanos(nanos);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    lookups.close();
    if (factory != null) {
      var _ = factory.closeAsync();
    }
  }
}
