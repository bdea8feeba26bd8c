package dev.jubal.llama.scheduler;

import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.EngineListener;
import dev.jubal.llama.EngineRequest;
import dev.jubal.llama.Sampling;
import dev.jubal.llama.Segment;
import dev.jubal.llama.Share;
import dev.jubal.llama.sampling.Sampler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A {@link FairQueue} before slots that hold each choice for a given time of a simulated clock. */
final class QueueSimulation {
  static final long MILLI = 1_000_000;

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
  private final List<Long> releases = new ArrayList<>();
  private final @Nullable Generation[] slots;
  private final FairQueue queue;
  private long now;
  private long numbers;
  private long keptNanos;

  QueueSimulation(int size, int slots) {
    this.slots = new Generation[slots];
    this.queue = new FairQueue(size, slots, 16, new Tally(), () -> now);
  }

  private record Event(long at, long number, Runnable what) {}

  /** One request: when it came, when it got its slot, what it was told on arrival. */
  static final class Job {
    final Generation generation;
    final long millis;
    final Consumer<Job> ended;
    long came;
    long started = -1;
    long etaMillis = -2; // not told
    int position;
    boolean refused;
    private int left;

    private Job(Generation generation, long millis, Consumer<Job> ended) {
      this.generation = generation;
      this.millis = millis;
      this.ended = ended;
      this.left = generation.request.choices();
    }

    long waitedMillis() {
      return (started - came) / MILLI;
    }
  }

  private final List<Job> jobs = new ArrayList<>();

  FairQueue queue() {
    return queue;
  }

  List<Job> jobs() {
    return jobs;
  }

  List<Long> releases() {
    return releases;
  }

  long nowMillis() {
    return now / MILLI;
  }

  /** Time that slots stood free though work waited: kept for somebody. */
  long keptNanos() {
    return keptNanos;
  }

  void at(long millis, Runnable what) {
    events.add(new Event(millis * MILLI, numbers++, what));
  }

  void after(long millis, Runnable what) {
    events.add(new Event(now + millis * MILLI, numbers++, what));
  }

  /** A request comes now. */
  Job submit(Share share, int choices, int tokens, long millis, Consumer<Job> ended) {
    EngineRequest request =
        new EngineRequest(
            List.of(new Segment("x", false)),
            Sampling.greedy(),
            choices,
            EngineRequest.Limits.tokens(tokens),
            -1,
            EngineRequest.Output.FREE,
            share);
    Generation generation =
        new Generation(request, new Refusals(), Duration.ofHours(1), now, () -> {}, queue()::leave);
    List<Choice> made = new ArrayList<>();
    for (int i = 0; i < choices; i++) {
      made.add(new Choice(generation, i, new Sampler(Sampling.greedy(), i, 8), null));
    }
    generation.prepare(new int[] {1}, made);
    Job job = new Job(generation, millis, ended);
    job.came = now;
    jobs.add(job);
    queue.enter(generation);
    job.refused = generation.over();
    queue.places().stream()
        .filter(place -> place.generation() == generation)
        .forEach(
            place -> {
              job.position = place.position();
              job.etaMillis = place.etaMillis();
            });
    return job;
  }

  /** Runs until nothing more happens, or the time is over. */
  void run(long untilMillis) {
    while (!events.isEmpty() && events.peek().at() <= untilMillis * MILLI) {
      Event event = events.remove();
      account(event.at() - now);
      now = event.at();
      event.what().run();
      place();
    }
  }

  private boolean held;

  private void account(long passed) {
    long free = java.util.Arrays.stream(slots).filter(slot -> slot == null).count();
    if (free > 0 && held) {
      keptNanos += passed;
    }
  }

  private void place() {
    for (Generation next = queue.next(); next != null; next = queue.next()) {
      start(next);
    }
    queue.tellAll();
    boolean free = java.util.Arrays.asList(slots).contains(null);
    boolean waits = jobs.stream().anyMatch(j -> j.started < 0 && !j.generation.over());
    held = free && waits;
    if (held) {
      long due = queue.untilDue();
      events.add(new Event(now + Math.max(1, due), numbers++, () -> {}));
    }
  }

  private void start(Generation generation) {
    Job job = jobs.stream().filter(j -> j.generation == generation).findFirst().orElseThrow();
    generation.nextUnplaced();
    int slot = java.util.Arrays.asList(slots).indexOf(null);
    slots[slot] = generation;
    queue.placed(generation, slot, generation.unplaced() > 0);
    if (job.started < 0) {
      job.started = now;
      generation.start(0);
      generation.promptComputed();
    }
    after(job.millis, () -> end(job, slot));
  }

  private void end(Job job, int slot) {
    slots[slot] = null;
    releases.add(now);
    queue.released(slot, job.generation.request.limits().maxTokens());
    job.left--;
    if (job.left == 0) {
      job.ended.accept(job);
    }
  }

  private static final class Refusals implements EngineListener {
    @Override
    public void started(int promptTokens, int cachedTokens) {}

    @Override
    public void text(int choice, String text, List<SampledToken> tokens) {}

    @Override
    public void choiceFinished(int choice, FinishReason reason, @Nullable String stop) {}

    @Override
    public void finished(Counts counts) {}

    @Override
    public void failed(EngineFailure failure) {}
  }
}
