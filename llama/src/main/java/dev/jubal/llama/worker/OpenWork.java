package dev.jubal.llama.worker;

import dev.jubal.llama.EngineFailure.Kind;
import dev.jubal.llama.EngineListener.Counts;
import dev.jubal.llama.queue.Displacement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The requests and questions that are not over, in the order in which they came. Whatever removes
 * one tells its end, so each ends exactly once. Not thread-safe: {@link WorkerEngine} guards it.
 */
final class OpenWork {
  // A request may be what brings the worker down; it does not get a third one.
  private static final int MOST_MOVES = 1;

  private final Map<Integer, RemoteRequest> requests = new LinkedHashMap<>();
  private final Map<Integer, RemoteCall> calls = new LinkedHashMap<>();

  void add(RemoteRequest request) {
    requests.put(request.id(), request);
  }

  void add(RemoteCall call) {
    calls.put(call.question().call(), call);
  }

  void sendAll(WorkerProcess worker) {
    requests.values().forEach(request -> request.sendTo(worker));
    calls.values().forEach(call -> worker.send(call.question()));
  }

  void happened(Message.Event event) {
    boolean over = event instanceof Message.Finished || event instanceof Message.Failed;
    RemoteRequest request = over ? requests.remove(event.id()) : requests.get(event.id());
    if (request != null) {
      request.happened(event);
    }
  }

  void answered(Message.Reply reply) {
    RemoteCall call = calls.remove(reply.call());
    if (call != null) {
      call.answered(reply);
    }
  }

  void forget(RemoteCall call) {
    calls.remove(call.question().call());
  }

  /** Stops a request; one that no worker has is over at once. */
  void cancel(RemoteRequest request) {
    if (request.sent()) {
      request.sendCancel();
    } else if (requests.remove(request.id()) != null) {
      request.happened(new Message.Finished(request.id(), new Counts(0, 0, 0)));
    }
  }

  /** Ends what a dead worker had begun, keeps what can move on. */
  void crashed(String reason) {
    for (Iterator<RemoteRequest> all = requests.values().iterator(); all.hasNext(); ) {
      RemoteRequest request = all.next();
      if (request.started() || (request.sent() && request.moves() >= MOST_MOVES)) {
        all.remove();
        request.fail(Kind.CRASHED, reason);
      } else {
        request.move();
      }
    }
    for (Iterator<RemoteCall> all = calls.values().iterator(); all.hasNext(); ) {
      RemoteCall call = all.next();
      if (call.crashed() > MOST_MOVES) {
        all.remove();
        call.fail(Kind.CRASHED, reason);
      }
    }
  }

  void failAll(Kind kind, String reason) {
    requests.values().forEach(request -> request.fail(kind, reason));
    calls.values().forEach(call -> call.fail(kind, reason));
    requests.clear();
    calls.clear();
  }

  /** Refuses the requests whose time in the queue is up while no worker counts it for them. */
  void expire(Duration limit, boolean up, long now) {
    for (Iterator<RemoteRequest> all = requests.values().iterator(); all.hasNext(); ) {
      RemoteRequest request = all.next();
      boolean counted = up && request.moves() == 0;
      if (!request.started() && !counted && request.waitedNanos(now) > limit.toNanos()) {
        all.remove();
        request.sendCancel();
        request.fail(Kind.OVERLOADED, "waited " + limit.toSeconds() + " s for a slot");
      }
    }
  }

  /**
   * Keeps what waits within its bounds, of requests and of characters of prompts, which all lie in
   * the worker's small heap: refuses the newcomer, or the newest of whoever holds most. False if
   * the newcomer was refused.
   */
  boolean makeRoom(RemoteRequest newcomer, int mostRequests, long mostCharacters) {
    List<RemoteRequest> crowd = new ArrayList<>(unstarted().toList());
    crowd.add(newcomer);
    long characters = crowd.stream().mapToLong(RemoteRequest::characters).sum();
    while (crowd.size() > mostRequests || characters > mostCharacters) {
      boolean many = crowd.size() > mostRequests;
      RemoteRequest out =
          Displacement.choose(
              crowd, RemoteRequest::share, request -> many ? 1 : request.characters());
      crowd.remove(out);
      characters -= out.characters();
      refuse(out, many ? mostRequests + " requests" : mostCharacters + " characters of prompts");
      if (out.equals(newcomer)) {
        return false;
      }
    }
    return true;
  }

  private void refuse(RemoteRequest request, String bound) {
    requests.remove(request.id());
    request.sendCancel();
    request.fail(Kind.OVERLOADED, "waiting: " + bound + " (expected: less, by all keys together)");
  }

  int waiting() {
    return Math.toIntExact(unstarted().count());
  }

  private Stream<RemoteRequest> unstarted() {
    return requests.values().stream().filter(request -> !request.started());
  }

  boolean isEmpty() {
    return requests.isEmpty() && calls.isEmpty();
  }

  /** Whether it is the worker's turn to act: with a slow listener alone it may rightly stand. */
  boolean waitsForWorker() {
    boolean anyStarted = false;
    for (RemoteRequest request : requests.values()) {
      anyStarted |= request.started();
      if (request.started() && request.waitsForWorker()) {
        return true;
      }
    }
    return !anyStarted && !requests.isEmpty();
  }
}
