package dev.jubal.platform.net;

import dev.jubal.platform.net.FetchFailure.Kind;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks names up and judges what they resolve to. The lookup of the operating system knows no time
 * limit, so it runs in threads of its own, which are few: those that hang refuse the next.
 */
final class Lookups implements AutoCloseable {
  private static final int THREADS = 32;

  private final Resolver resolver;
  private final AddressRule rule;
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          0,
          THREADS,
          10,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Thread.ofPlatform().daemon().name("lookup-", 0).factory());

  Lookups(Resolver resolver, AddressRule rule) {
    this.resolver = resolver;
    this.rule = rule;
  }

  /**
   * One address that is not public forbids the host: an honest name has none beside public ones.
   */
  Target judge(URI uri, Duration within) throws FetchFailure {
    List<InetAddress> addresses = resolve(Target.host(uri), within);
    for (InetAddress address : addresses) {
      if (!rule.allows(address)) {
        throw new FetchFailure(
            Kind.FORBIDDEN, "the host is not on the public internet (expected: a public address)");
      }
    }
    return new Target(uri, addresses);
  }

  private List<InetAddress> resolve(String host, Duration within) throws FetchFailure {
    CompletableFuture<List<InetAddress>> found = new CompletableFuture<>();
    try {
      threads.execute(() -> lookUp(host, found));
      return found.get(Math.max(1, within.toMillis()), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      throw new FetchFailure(Kind.BUSY, "too many host names are being looked up");
    } catch (TimeoutException e) {
      throw new FetchFailure(Kind.TIMEOUT, "the host name was not found in time");
    } catch (ExecutionException e) {
      throw new FetchFailure(Kind.UNRESOLVED, "the host has no address");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FetchFailure(Kind.UNREACHABLE, "the server is stopping");
    }
  }

  private void lookUp(String host, CompletableFuture<List<InetAddress>> found) {
    try {
      List<InetAddress> addresses = resolver.resolve(host);
      if (addresses.isEmpty()) {
        throw new UnknownHostException(host);
      }
      found.complete(List.copyOf(addresses));
    } catch (UnknownHostException | RuntimeException e) {
      found.completeExceptionally(e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
