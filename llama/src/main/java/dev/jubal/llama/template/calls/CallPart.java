package dev.jubal.llama.template.calls;

/** A part of an answer: text, or some of a call. Calls are numbered from 0. */
public sealed interface CallPart {

  /** Text outside of calls, never empty. */
  record Text(String text) implements CallPart {}

  /** A call begins; its arguments follow. */
  record Started(int index, String name) implements CallPart {}

  /** More of a call's arguments, JSON text, never empty. */
  record Arguments(int index, String delta) implements CallPart {}

  /** A call is whole. A call without this was cut off. */
  record Finished(int index) implements CallPart {}
}
