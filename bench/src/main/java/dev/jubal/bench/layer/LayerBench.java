package dev.jubal.bench.layer;

import dev.jubal.app.LayerServer;
import dev.jubal.app.LayerServer.Part;
import dev.jubal.bench.process.Child;
import dev.jubal.bench.report.Markdown;
import dev.jubal.bench.report.Medians;
import dev.jubal.bench.report.Report;
import dev.jubal.bench.server.Caller;
import dev.jubal.bench.server.Launch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * The same handler, in a process each, with one more part of the layer around it than in the one
 * before. All run side by side; each round asks them in an order of its own, so that what the
 * machine does besides falls on all of them alike. Latency is that of one caller alone; processor
 * time is the server's own, for each request of a crowd.
 */
final class LayerBench {
  private static final int CROWD = 32;

  private final Report report;
  private final boolean quick;
  private final Random random = new Random(5);
  private final List<Server> servers = new ArrayList<>();

  private LayerBench(Report report, boolean quick) {
    this.report = report;
    this.quick = quick;
  }

  /** A server with parts up to one of them. */
  private record Server(Part last, Child child, int port, String key) {
    static Server start(Path folder, Path script, Part last, String traces) throws IOException {
      List<String> command = new ArrayList<>(List.of(Launch.java()));
      command.addAll(Launch.FLAGS);
      command.addAll(List.of("-Xmx384m", "-cp", System.getProperty("java.class.path")));
      command.addAll(
          List.of(
              LayerServer.class.getName(),
              folder.resolve(last.name()).toString(),
              script.toString(),
              last.name(),
              traces));
      Child child = Child.start(command);
      String line = child.readLine();
      if (line == null || !line.startsWith("port ")) {
        child.close();
        throw new IOException("the server of " + last + " did not start: " + line);
      }
      String[] words = line.split(" ", -1);
      return new Server(last, child, Integer.parseInt(words[1]), words[2]);
    }
  }

  /** One of them over one protocol, and each round's figures. */
  private record Lane(Server server, Caller caller, double[] micros, double[] cpu) {
    String name() {
      return server.last().name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Runs it.
   *
   * @param folder an empty one, for data folders
   * @param script what answers
   * @return a table for each protocol
   */
  static List<String> run(Report report, Path folder, Path script, boolean quick)
      throws IOException {
    LayerBench bench = new LayerBench(report, quick);
    try (Collector collector = Collector.start()) {
      for (Part part : Part.values()) {
        bench.servers.add(Server.start(folder, script, part, collector.url()));
      }
      return List.of(bench.measure("http", false), bench.measure("grpc", true));
    } finally {
      bench.servers.forEach(s -> s.child().kill());
    }
  }

  private String measure(String protocol, boolean grpc) throws IOException {
    int rounds = quick ? 3 : 12;
    List<Lane> lanes = new ArrayList<>();
    for (Server server : servers) {
      Caller caller = Caller.of(server.port(), server.key(), grpc);
      caller.crowd(CROWD, quick ? 1500 : 12_000);
      lanes.add(new Lane(server, caller, new double[rounds], new double[rounds]));
    }
    List<Lane> order = new ArrayList<>(lanes);
    for (int round = 0; round < rounds; round++) {
      Collections.shuffle(order, random);
      for (Lane lane : order) {
        round(lane, round);
      }
    }
    return table(protocol, lanes);
  }

  private void round(Lane lane, int round) throws IOException {
    lane.caller().alone(quick ? 20 : 50);
    lane.micros()[round] = lane.caller().alone(quick ? 100 : 400);
    int requests = quick ? 1000 : 5000;
    long before = lane.server().child().stat().cpuMillis();
    lane.caller().crowd(CROWD, requests);
    lane.cpu()[round] = (lane.server().child().stat().cpuMillis() - before) * 1e3 / requests;
  }

  private String table(String protocol, List<Lane> lanes) {
    Markdown table =
        new Markdown("with", "latency us", "added", "ratio", "CPU us/request", "added", "ratio");
    Lane bare = lanes.getFirst();
    for (Lane lane : lanes) {
      String name = protocol + "." + lane.name();
      double latency = Medians.of(lane.micros());
      double cpu = Medians.of(lane.cpu());
      double slower = Medians.of(ratios(lane.micros(), bare.micros()));
      double dearer = Medians.of(ratios(lane.cpu(), bare.cpu()));
      report.lower(name + ".latency", latency, "us");
      report.lower(name + ".latency.ratio", slower, "x");
      report.lower(name + ".cpu", cpu, "us");
      report.lower(name + ".cpu.ratio", dearer, "x");
      table.row(
          lane.name(),
          text("%.0f", latency),
          text("%+.0f", Medians.of(differences(lane.micros(), bare.micros()))),
          text("%.2f", slower),
          text("%.0f", cpu),
          text("%+.0f", Medians.of(differences(lane.cpu(), bare.cpu()))),
          text("%.2f", dearer));
    }
    return table.text();
  }

  private static String text(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static double[] ratios(double[] of, double[] to) {
    double[] found = new double[of.length];
    Arrays.setAll(found, i -> of[i] / Math.max(1e-9, to[i]));
    return found;
  }

  private static double[] differences(double[] of, double[] to) {
    double[] found = new double[of.length];
    Arrays.setAll(found, i -> of[i] - to[i]);
    return found;
  }
}
