package dev.jubal.llama.template.jinja;

import dev.jubal.llama.template.jinja.value.TextBuilder;

/** A part of a template that writes or does something. */
@FunctionalInterface
interface Statement {
  /** Where to go on. */
  enum Flow {
    ON,
    BREAK,
    CONTINUE
  }

  Flow execute(Frame frame, TextBuilder out);
}
