package dev.jubal.llama.template.jinja;

import dev.jubal.llama.template.jinja.value.Letters;
import dev.jubal.llama.template.jinja.value.Members;
import dev.jubal.llama.template.jinja.value.Meter;
import dev.jubal.llama.template.jinja.value.Text;
import dev.jubal.llama.template.jinja.value.Value;

/** The parts of elements that filters look at. */
final class Attributes {
  private Attributes() {}

  /** An attribute by its path: names and numbers with points between them, or one number. */
  static Value of(Value item, Value path, Meter meter) {
    if (!(path instanceof Text text)) {
      return Members.item(item, path, meter);
    }
    Value found = item;
    for (String part : text.string().split("\\.", -1)) {
      boolean number =
          !part.isEmpty() && part.length() < 10 && part.chars().allMatch(Character::isDigit);
      Value index = number ? Value.Int.of(Long.parseLong(part)) : Text.literal(part);
      found = Members.item(found, index, meter);
    }
    return found;
  }

  /** What stands for a value where letters are compared whatever their case. */
  static Value ignoringCase(Value value) {
    return value instanceof Text text ? text.mapped(Letters.lower(text.string())) : value;
  }
}
