package dev.jubal.bench.server;

import dev.jubal.bench.load.LoadMain;
import dev.jubal.bench.load.LoadOrder;
import dev.jubal.bench.load.LoadOrder.Kind;
import dev.jubal.bench.load.LoadResult;
import dev.jubal.bench.process.Child;
import dev.jubal.platform.json.Json;
import java.io.IOException;
import java.util.List;

/** The load generator's process and the orders it gets. */
final class LoadProcess implements AutoCloseable {
  private static final long PATIENCE_MILLIS = 60_000;

  private final Child child;

  private LoadProcess(Child child) {
    this.child = child;
  }

  static LoadProcess start() throws IOException {
    return new LoadProcess(
        Child.start(
            List.of(
                Launch.java(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                LoadMain.class.getName())));
  }

  /** Where requests go. */
  record Place(int port, String key, String path) {
    static Place of(ServerUnderTest server) {
      return new Place(server.port(), server.key(), ServerBench.CHAT);
    }
  }

  LoadResult closed(Place place, Work work, int connections, long millis) throws IOException {
    return run(place, work, Kind.CLOSED, connections, 0, millis);
  }

  LoadResult open(Place place, Work work, double perSecond, long millis) throws IOException {
    return run(place, work, Kind.OPEN, 512, perSecond, millis);
  }

  LoadResult burst(Place place, Work work, int requests, long spreadMillis) throws IOException {
    return run(place, work, Kind.BURST, requests, 0, spreadMillis);
  }

  private LoadResult run(
      Place place, Work work, Kind kind, int connections, double perSecond, long millis)
      throws IOException {
    LoadOrder order =
        new LoadOrder(
            kind,
            place.port(),
            place.key(),
            place.path(),
            work.body(),
            connections,
            perSecond,
            millis,
            work.stream() ? work.events() : 0,
            work.everyMillis(),
            millis + PATIENCE_MILLIS);
    return Json.mapper().readValue(child.ask(Json.string(order)), LoadResult.class);
  }

  @Override
  public void close() {
    child.close();
  }
}
