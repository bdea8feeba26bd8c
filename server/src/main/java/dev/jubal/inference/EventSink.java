package dev.jubal.inference;

/**
 * Takes the events of one request, in order, from one thread at a time. Blocking is back-pressure.
 */
@FunctionalInterface
public interface EventSink {
  void accept(GenerationEvent event);
}
