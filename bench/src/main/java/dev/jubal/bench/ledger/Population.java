package dev.jubal.bench.ledger;

import dev.jubal.account.Principal;
import dev.jubal.account.keys.Team;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.ledger.Admission;
import dev.jubal.account.ledger.Settlement;
import dev.jubal.account.ledger.Usage;
import dev.jubal.app.BenchIds;
import dev.jubal.inference.catalogue.CatalogueLoader;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.platform.sql.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Who asks for what: few teams, keys and models make most of the requests, by Zipf's law, as they
 * do everywhere. The same seed makes the same requests. Confined to one thread.
 */
final class Population {
  static final int TEAMS = 40;
  private static final int MOST_KEYS = 8;
  private static final int MODELS = 6;
  private static final int USERS = 200;
  private static final List<String> ENDPOINTS = List.of("chat", "responses", "messages");

  private final Random random;
  private final List<Member> members = new ArrayList<>();
  private final List<Model> models;
  private final double[] byTeam = zipf(TEAMS);
  private final double[] byModel = zipf(MODELS);
  private final double[] byEndpoint = zipf(ENDPOINTS.size());
  private final Supplier<String> ids;
  private Instant at = Instant.EPOCH;

  /** A team and its keys. */
  private record Member(String team, List<Principal> keys, double[] byKey) {}

  private Population(long seed) {
    this.random = new Random(seed);
    this.ids = BenchIds.of(() -> at);
    this.models =
        CatalogueLoader.load(CatalogueLoader.Options.STANDARD.withBackend("scripted"))
            .models()
            .stream()
            .filter(m -> m.kind() == Model.Kind.LANGUAGE)
            .limit(MODELS)
            .toList();
  }

  /** Teams of a database, made there when it has none of them yet. */
  static Population in(Database database, long seed) {
    Population made = new Population(seed);
    TeamStore teams = new TeamStore(database);
    List<Team> known = teams.list();
    for (int i = 0; i < TEAMS; i++) {
      String name = "bench " + i;
      Team team =
          known.stream()
              .filter(t -> t.name().equals(name))
              .findFirst()
              .orElseGet(() -> teams.create(name, Optional.empty(), Instant.now()));
      made.members.add(made.member(team.id(), i));
    }
    return made;
  }

  private Member member(String team, int rank) {
    int count = Math.max(1, MOST_KEYS - rank / 4);
    List<Principal> keys = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      String id = UUID.nameUUIDFromBytes((team + k).getBytes(UTF_8)).toString();
      String user = UUID.nameUUIDFromBytes((team + "u").getBytes(UTF_8)).toString();
      Optional<String> project =
          k % 3 == 0
              ? Optional.empty()
              : Optional.of(UUID.nameUUIDFromBytes((team + k % 3).getBytes(UTF_8)).toString());
      keys.add(new Principal(id, "key " + k, "xai-...", user, team, List.of()).of(project));
    }
    return new Member(team, keys, zipf(count));
  }

  private static final java.nio.charset.Charset UTF_8 = java.nio.charset.StandardCharsets.UTF_8;

  /** Cumulated shares. */
  private static double[] zipf(int n) {
    double[] sums = new double[n];
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += 1 / Math.pow(i + 1.0, 1.1);
      sums[i] = sum;
    }
    for (int i = 0; i < n; i++) {
      sums[i] /= sum;
    }
    return sums;
  }

  private static int draw(double[] shares, Random random) {
    double x = random.nextDouble();
    int i = 0;
    while (i < shares.length - 1 && shares[i] < x) {
      i++;
    }
    return i;
  }

  /** The id of a team, each as often as it asks. */
  String team(Random by) {
    return members.get(draw(byTeam, by)).team();
  }

  /** That which asks most. */
  String largest() {
    return members.getFirst().team();
  }

  /** The model that is asked least. */
  Model rarest() {
    return models.getLast();
  }

  /** The next request, admitted at a moment. */
  Admission admission(Instant moment) {
    at = moment;
    Member member = members.get(draw(byTeam, random));
    Principal key = member.keys().get(draw(member.byKey(), random));
    Model model = models.get(draw(byModel, random));
    Optional<String> user =
        random.nextInt(10) < 3
            ? Optional.of("customer-" + (int) (USERS * random.nextDouble() * random.nextDouble()))
            : Optional.empty();
    return new Admission(
        ids.get(),
        Optional.empty(),
        key,
        ENDPOINTS.get(draw(byEndpoint, random)),
        model.id(),
        model.id(),
        "scripted/script",
        model.price(moment),
        random.nextBoolean(),
        moment,
        new Admission.Reserved(user, 2048, 0));
  }

  /** How it ended. */
  Settlement settlement(Admission admission) {
    if (random.nextInt(100) == 0) {
      return settled(admission, Usage.NONE, 503);
    }
    long prompt = 20 + (long) Math.exp(4 + 1.5 * random.nextGaussian());
    long cached = random.nextInt(3) == 0 ? prompt / 2 : 0;
    long completion = 1 + (long) Math.exp(4.5 + random.nextGaussian());
    return settled(admission, Usage.of(prompt, cached, completion), 200);
  }

  private Settlement settled(Admission admission, Usage usage, int status) {
    return new Settlement(
        usage,
        admission.price().cost(usage),
        0,
        true,
        Duration.ofMillis(200 + random.nextInt(5000)),
        Optional.of(Duration.ofMillis(50 + random.nextInt(200))),
        Optional.empty(),
        status,
        status == 200 ? Optional.empty() : Optional.of("service_unavailable"));
  }
}
