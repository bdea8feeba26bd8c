package dev.jubal.api;

import dev.jubal.inference.GenerationEvent;
import java.util.ArrayList;
import java.util.List;

/** The calls of one choice, as far as they have come. */
public final class Calls {
  private final List<Growing> calls = new ArrayList<>();

  /**
   * A call.
   *
   * @param index among those of its choice, from 0
   * @param whole whether it was made to its end; a call that was cut is none
   */
  public record Call(int index, String callId, String name, String arguments, boolean whole) {}

  /** Takes the beginning of a call. */
  public void take(GenerationEvent.CallStarted started) {
    if (started.index() != calls.size()) {
      throw new IllegalStateException(started + " (expected: index " + calls.size() + ")");
    }
    calls.add(new Growing(started));
  }

  /** Takes more of a call. */
  public void take(GenerationEvent.CallArguments more) {
    calls.get(more.index()).arguments.append(more.delta());
  }

  /** Takes the end of a call, and gives it. */
  public Call take(GenerationEvent.CallFinished finished) {
    calls.get(finished.index()).whole = true;
    return at(finished.index());
  }

  /** A call as it is now. */
  public Call at(int index) {
    Growing call = calls.get(index);
    return new Call(
        index, call.start.callId(), call.start.name(), call.arguments.toString(), call.whole);
  }

  /** The whole ones. */
  public List<Call> whole() {
    List<Call> whole = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      if (calls.get(i).whole) {
        whole.add(at(i));
      }
    }
    return whole;
  }

  /** A call that grows. */
  private static final class Growing {
    private final GenerationEvent.CallStarted start;
    private final StringBuilder arguments = new StringBuilder();
    private boolean whole;

    Growing(GenerationEvent.CallStarted start) {
      this.start = start;
    }
  }
}
