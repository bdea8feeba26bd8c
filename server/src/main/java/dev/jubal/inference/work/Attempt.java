package dev.jubal.inference.work;

import dev.jubal.account.Principal;
import dev.jubal.account.ledger.Admission;
import dev.jubal.account.ledger.Companion;
import dev.jubal.account.ledger.Settlement;
import dev.jubal.account.ledger.Usage;
import dev.jubal.inference.EventSink;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.GenerationRequest.Begun;
import dev.jubal.inference.Generator;
import dev.jubal.inference.Keeping;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.sql.DatabaseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a piece of work: passes events on to the store and to followers, and writes the
 * end with the settlement. Used once, by who has claimed the work.
 */
final class Attempt implements EventSink, Keeping {
  private final Generator generator;
  private final WorkStore store;
  private final InstantSource now;
  private final Live live;
  private final Around around;
  private @Nullable Principal holder;

  /** What an attempt cannot know. */
  interface Around {
    /** Whether an error calls for another attempt. */
    boolean another(ApiException error);

    /** What is written with the end besides. */
    Companion also(WorkKeeping.End end);
  }

  Attempt(Generator generator, WorkStore store, InstantSource now, Live live, Around around) {
    this.generator = generator;
    this.store = store;
    this.now = now;
    this.live = live;
    this.around = around;
  }

  Generator.Caller caller(Principal owner, Optional<String> clientRequestId) {
    Work work = live.work();
    holder = owner;
    return new Generator.Caller(
        owner, work.id(), clientRequestId, live.cancel(), work.kind().background(), this);
  }

  private Principal owner() {
    return Objects.requireNonNull(holder, "an attempt begins with its caller");
  }

  /** The first one, of a request that was just admitted. */
  void first(Generator.Admitted admitted) {
    generator.answer(admitted, this);
  }

  /**
   * A later one, or the first of a job.
   *
   * @throws ApiException how it ended
   */
  void next(Admission admission) {
    Generator.Caller caller = caller(admission.principal(), admission.clientRequestId());
    GenerationRequest request = live.work().request();
    if (!live.work().kind().followed()) {
      live.clear();
    }
    Progress progress = Progress.of(request, live.events());
    if (progress.whole() && progress.started()) {
      generator.finish(admission, caller, progress.usage(), this);
    } else if (progress.nothing()) {
      generator.answer(
          generator.again(request, caller, admission, standing(Optional.empty())), this);
    } else {
      goOn(request, caller, admission, progress);
    }
  }

  private void goOn(
      GenerationRequest request, Generator.Caller caller, Admission admission, Progress progress) {
    if (!generator.goesOn(request, caller.principal())) {
      throw new ApiException(
          ErrorCode.UPSTREAM_ERROR,
          "The server ended while the answer was made, and it cannot be gone on with (expected:"
              + " weights of this server). What was made until then is kept.");
    }
    openArguments(progress);
    Progress now = Progress.of(request, live.events());
    generator.answer(
        generator.again(
            request.withBegun(now.choices()),
            caller,
            admission,
            standing(Optional.of(now.usage()))),
        this);
  }

  private Generator.Known standing(Optional<Usage> begun) {
    return new Generator.Known(begun, live.looked());
  }

  /** A call of which nothing but the name was told goes on after the bracket that must follow. */
  private void openArguments(Progress progress) {
    for (int choice = 0; choice < progress.choices().size(); choice++) {
      List<Begun.Piece> pieces = progress.choices().get(choice).pieces();
      if (!pieces.isEmpty()
          && pieces.getLast() instanceof Begun.Piece.Call last
          && !last.whole()
          && last.call().arguments().isEmpty()) {
        int calls = (int) pieces.stream().filter(Begun.Piece.Call.class::isInstance).count();
        accept(new GenerationEvent.CallArguments(choice, calls - 1, "{", 0));
      }
    }
  }

  /** Ends it without another word. */
  void fail(Admission admission, ApiException error) {
    generator.close(
        admission, caller(admission.principal(), admission.clientRequestId()), used(), error);
  }

  private Usage used() {
    return live.work().kind().followed()
        ? Progress.of(live.work().request(), live.events()).usage()
        : Usage.NONE;
  }

  @Override
  public void accept(GenerationEvent event) {
    switch (event) {
      case GenerationEvent.Queued q -> live.queued(q);
      case GenerationEvent.Finished _ -> live.add(event); // stored with the settlement
      case GenerationEvent.Accepted _ -> {
        if (live.size() == 0) { // an earlier attempt was accepted before
          store(event);
        }
      }
      case GenerationEvent.Started _,
          GenerationEvent.ReasoningDelta _,
          GenerationEvent.ReasoningFinished _,
          GenerationEvent.TextDelta _,
          GenerationEvent.CallStarted _,
          GenerationEvent.CallArguments _,
          GenerationEvent.CallFinished _,
          GenerationEvent.ChoiceFinished _ ->
          store(event);
    }
  }

  /** Stored before it is shown, so that no follower ever saw what is forgotten. */
  private void store(GenerationEvent event) {
    if (live.work().kind().followed()) {
      try {
        store.append(live.work(), live.size(), event);
      } catch (DatabaseException e) {
        throw unstored(e);
      }
    }
    live.add(event);
  }

  /** What it means to work that the database cannot be written: it is gone on with later. */
  static ApiException unstored(DatabaseException cause) {
    return new ApiException(
        ErrorCode.LEDGER_UNAVAILABLE,
        "The work cannot be stored now: " + cause.getMessage(),
        null,
        Duration.ofSeconds(1),
        cause);
  }

  @Override
  public Companion keep(Settlement settlement) {
    List<GenerationEvent> all = new ArrayList<>(live.events());
    all.add(
        new GenerationEvent.Finished(
            settlement.usage(),
            settlement.costTicks(),
            OptionalInt.empty(),
            settlement.limitedBy()));
    return end(new WorkKeeping.End(owner(), Work.State.DONE, Optional.empty(), settlement, all));
  }

  @Override
  public Companion keepFailed(Settlement settlement, ApiException error) {
    return end(
        new WorkKeeping.End(owner(), state(error), Optional.of(error), settlement, live.events()));
  }

  static Work.State state(ApiException error) {
    return error.code() == ErrorCode.CLIENT_CLOSED_REQUEST
        ? Work.State.CANCELLED
        : Work.State.FAILED;
  }

  private Companion end(WorkKeeping.End end) {
    List<GenerationEvent> all = end.events();
    int stored = live.work().kind().followed() ? live.size() : 0;
    Companion row =
        store.end(
            live.work(),
            end.state(),
            end.error(),
            stored,
            all.subList(stored, all.size()),
            now.instant());
    Companion also = around.also(end);
    return session -> {
      row.write(session);
      also.write(session);
    };
  }

  @Override
  public boolean staysOpen(ApiException error) {
    return around.another(error);
  }
}
