package dev.jubal.llama.template.jinja;

import dev.jubal.llama.template.jinja.value.Dict;
import dev.jubal.llama.template.jinja.value.JsonReader;
import dev.jubal.llama.template.jinja.value.Seq;
import dev.jubal.llama.template.jinja.value.Value;
import java.util.ArrayList;
import java.util.List;

/** Small templates over one set of variables, with what the reference renders from each. */
record RandomTemplates(Dict variables, List<Value> cases) {

  static RandomTemplates of(String json) {
    Dict document = (Dict) JsonReader.read(json);
    if (!(document.get("variables") instanceof Dict variables)
        || !(document.get("cases") instanceof Seq cases)) {
      throw new IllegalArgumentException("no variables and cases (expected: both)");
    }
    return new RandomTemplates(variables, cases.items());
  }

  /** What differs, one line each. */
  List<String> differences() {
    List<String> differences = new ArrayList<>();
    for (Value value : cases) {
      Dict expected = (Dict) value;
      String jinja = String.valueOf(expected.get("template"));
      String found = Corpus.difference(jinja, variables, expected);
      if (!found.isEmpty()) {
        differences.add(jinja.replace("\n", "\\n") + " : " + found);
      }
    }
    return differences;
  }
}
