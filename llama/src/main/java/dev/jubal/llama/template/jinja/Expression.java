package dev.jubal.llama.template.jinja;

import dev.jubal.llama.template.jinja.value.Value;

/** A part of a template that has a value. */
@FunctionalInterface
interface Expression {
  Value evaluate(Frame frame);
}
