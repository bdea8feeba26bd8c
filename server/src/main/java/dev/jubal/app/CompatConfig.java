package dev.jubal.app;

import dev.jubal.platform.config.Key;

/** Start-up configuration of how closely answers follow one vendor's habits. */
public record CompatConfig(
    @Key(
            value = "openai",
            doc = "Form of error bodies: openai, or xai for {code, error} and its statuses.")
        ErrorForm errors,
    @Key(
            value = "false",
            doc = "Drop and report parameters a model refuses, instead of answering 400.")
        boolean lenient,
    @Key(
            value = "xai",
            doc =
                "How chat streams a function call: xai, whole in one chunk, or openai, in pieces.")
        ToolDeltas toolDeltas) {

  /** Ways to stream a call. */
  public enum ToolDeltas {
    XAI,
    OPENAI
  }

  /** Forms of error bodies. */
  public enum ErrorForm {
    OPENAI,
    XAI
  }
}
