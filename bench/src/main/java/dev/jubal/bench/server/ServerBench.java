package dev.jubal.bench.server;

import dev.jubal.bench.load.LoadResult;
import dev.jubal.bench.load.Spread;
import dev.jubal.bench.process.Child;
import dev.jubal.bench.process.ProcStat;
import dev.jubal.bench.report.Report;
import dev.jubal.bench.server.LoadProcess.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** All scenarios of the server bench, in order. Takes minutes; ends all it started. */
public final class ServerBench {
  static final String CHAT = "/v1/chat/completions";
  private static final double MIB = 1024 * 1024;
  private static final int STREAMS = 512;
  private static final int BODIES = 1500;

  /** What can be measured alone. */
  public enum Part {
    START,
    MEMORY,
    REQUESTS,
    DIALECTS
  }

  private final Report report;
  private final Path folder;
  private final Path script;
  private final Launch launch;
  private final boolean quick;

  private ServerBench(Report report, Path folder, Launch launch, boolean quick) throws IOException {
    this.report = report;
    this.folder = folder;
    this.launch = launch;
    this.quick = quick;
    this.script = folder.resolve("script.json");
    Files.write(script, Work.script());
  }

  /**
   * Runs the bench.
   *
   * @param folder an empty one, for data folders and recordings
   * @param launch how the server is started
   * @param quick fewer and shorter rounds
   */
  public static Report run(Path folder, Launch launch, Set<Part> parts, boolean quick)
      throws IOException {
    ServerBench bench = new ServerBench(new Report("server"), folder, launch, quick);
    if (parts.contains(Part.START)) {
      bench.startUp();
    }
    try (LoadProcess load = LoadProcess.start()) {
      if (parts.contains(Part.MEMORY)) {
        bench.memory(load);
      }
      if (parts.contains(Part.REQUESTS)) {
        bench.requests(load);
      }
    }
    if (parts.contains(Part.DIALECTS)) {
      bench.dialects();
    }
    return bench.report;
  }

  // --- start-up

  private void startUp() throws IOException {
    Path data = folder.resolve("start");
    StartUp start = new StartUp(launch, data, script);
    ServerUnderTest.Ready cold = start.median(start.plain(), quick ? 1 : 3);
    if (start.cached().isPresent()) {
      ServerUnderTest.Ready warm = start.median(start.cached().get(), quick ? 3 : 5);
      report.below("ready.cached", warm.millis(), "ms", 1500);
      report.lower("ready.cached.cpu", warm.cpuMillis(), "ms");
    }
    report.lower("ready.uncached", cold.millis(), "ms");
    report.lower("ready.uncached.cpu", cold.cpuMillis(), "ms");
  }

  // --- memory

  private void memory(LoadProcess load) throws IOException {
    try (ServerUnderTest server = ServerUnderTest.start(launch, folder.resolve("memory"), script)) {
      Settled.await(server);
      report.below("rss.idle", server.stat().rss() / MIB, "MiB", 250);
      LoadResult result = load.burst(Place.of(server), Work.LARGE, BODIES, 0);
      complain(result);
      ProcStat after = server.stat();
      report.below("rss.1500x150kb.peak", after.peakRss() / MIB, "MiB", 775);
      report.fact("rss.1500x150kb.all_in_flight", result.overlapped() ? 1 : 0, "yes=1");
      report.atMost("rss.1500x150kb.failed", (double) result.failed(), "requests", 0);
      Settled.await(server);
      report.lower("rss.1500x150kb.after", server.stat().rss() / MIB, "MiB");
    }
  }

  // --- requests

  private void requests(LoadProcess load) throws IOException {
    try (ServerUnderTest server =
        ServerUnderTest.start(launch, folder.resolve("requests"), script)) {
      try (Child bare = bare(server)) {
        int port = BareServer.port(bare);
        warmUp(load, server, port);
        latency(load, server, port);
      }
      sustained(load, server);
      streams(load, server);
    }
  }

  // --- dialects

  private void dialects() throws IOException {
    try (ServerUnderTest server =
        ServerUnderTest.start(launch, folder.resolve("dialects"), script)) {
      DialectContest.run(report, server, folder, quick);
    }
  }

  private Child bare(ServerUnderTest server) throws IOException {
    List<BareServer.Recording> recordings = new ArrayList<>();
    for (Work work : List.of(Work.UNARY, Work.STREAM)) {
      recordings.add(Recorder.record(server, work));
    }
    return BareServer.start(folder, recordings);
  }

  private static Place bare(int port, Work work) {
    return new Place(port, "", "/" + work.mark());
  }

  private void warmUp(LoadProcess load, ServerUnderTest server, int bare) throws IOException {
    long millis = quick ? 3000 : 10_000;
    for (Work work : List.of(Work.UNARY, Work.STREAM)) {
      complain(load.closed(Place.of(server), work, 32, millis));
      complain(load.closed(bare(bare, work), work, 32, millis / 2));
    }
  }

  private void latency(LoadProcess load, ServerUnderTest server, int bare) throws IOException {
    for (int connections : new int[] {1, 32}) {
      Contest unary = contest(load, server, bare, Work.UNARY, connections);
      String name = ".c" + connections;
      times("unary" + name, unary, LoadResult::latency);
      Contest stream = contest(load, server, bare, Work.STREAM, connections);
      times("stream.ttft" + name, stream, LoadResult::first);
      times("stream.event" + name, stream, LoadResult::drift);
    }
  }

  private Contest contest(
      LoadProcess load, ServerUnderTest server, int bare, Work work, int connections)
      throws IOException {
    List<Contest.Round> rounds = new ArrayList<>();
    long millis = quick ? 1000 : 3000;
    for (int i = 0; i < (quick ? 3 : 5); i++) {
      LoadResult ours = load.closed(Place.of(server), work, connections, millis);
      LoadResult theirs = load.closed(bare(bare, work), work, connections, millis);
      complain(ours);
      complain(theirs);
      rounds.add(new Contest.Round(ours, theirs));
    }
    return new Contest(rounds);
  }

  private void times(String name, Contest contest, Function<LoadResult, Spread> times) {
    report.lower(name + ".p50", contest.ours(times, Spread::p50), "us");
    report.lower(name + ".p99", contest.ours(times, Spread::p99), "us");
    report.lower(name + ".added.p50", contest.added(times, Spread::p50), "us");
    report.lower(name + ".added.p99", contest.added(times, Spread::p99), "us");
  }

  private void sustained(LoadProcess load, ServerUnderTest server) throws IOException {
    Place place = Place.of(server);
    long millis = quick ? 3000 : 10_000;
    complain(load.closed(place, Work.WAIT, 256, millis / 2));
    ProcStat before = server.stat();
    LoadResult full = load.closed(place, Work.WAIT, 256, millis);
    complain(full);
    double cpu = server.stat().cpuMillis() - before.cpuMillis();
    report.higher("sustained.wait20ms", full.perSecond(), "req/s");
    report.lower("cpu.request", cpu * 1000 / full.answered(), "us");
    LoadResult paced = load.open(place, Work.WAIT, full.perSecond() * 0.7, millis);
    complain(paced);
    report.lower("open70.latency.p50", paced.latency().p50(), "us");
    report.lower("open70.latency.p99", paced.latency().p99(), "us");
  }

  private void streams(LoadProcess load, ServerUnderTest server) throws IOException {
    Place place = Place.of(server);
    complain(load.burst(place, Work.STEADY, STREAMS / 4, 0));
    ProcStat before = server.stat();
    LoadResult result = load.burst(place, Work.STEADY, STREAMS, 0);
    complain(result);
    double cpu = server.stat().cpuMillis() - before.cpuMillis();
    long expected = (long) STREAMS * Work.STEADY.seen();
    report.atMost("streams512.lost", (double) (expected - result.events()), "events", 0);
    report.atMost(
        "streams512.broken", (double) (result.failed() + result.unfinished()), "streams", 0);
    report.atMost("streams512.late_over_100ms", (double) result.lateOver100(), "events", 0);
    report.lower("streams512.late.p99", result.late().p99(), "us");
    report.lower("streams512.late.worst", result.late().max(), "us");
    report.lower("streams512.ttft.p99", result.first().p99(), "us");
    report.lower("cpu.event", cpu * 1000 / Math.max(1, result.events()), "us");
  }

  private static void complain(LoadResult result) {
    if (result.failed() > 0 || !result.failure().isEmpty()) {
      System.err.println(
          "  " + result.failed() + " of " + result.sent() + " failed: " + result.failure());
    }
  }
}
