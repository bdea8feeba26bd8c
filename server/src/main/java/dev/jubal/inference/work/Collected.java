package dev.jubal.inference.work;

import dev.jubal.inference.GenerationEvent;
import dev.jubal.platform.error.ApiException;
import java.util.List;

/** What there is to collect of a piece of work. */
public sealed interface Collected {

  /** Nothing yet. */
  record Pending() implements Collected {}

  /** The answer, as its events: the dialect folds them. */
  record Done(Work work, List<GenerationEvent> events) implements Collected {
    public Done {
      events = List.copyOf(events);
    }
  }

  /** It ended without an answer. */
  record Failed(Work work, ApiException error) implements Collected {}

  /** There is no such work of this owner: never was, is forgotten, or was collected before. */
  record Gone() implements Collected {}
}
