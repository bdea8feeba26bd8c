package dev.jubal.app.operate;

import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.config.Nearest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads a file of operated state. All that is wrong with its form is told at once, by line, path,
 * value and what was expected; a value that may be a secret is never told.
 */
final class StateFile {
  private static final int MOST_CHARACTERS = 64 << 20;
  private static final int MOST_PROBLEMS = 20;
  private static final int LONGEST_VALUE = 80;

  /** What a secret of ours looks like, wherever it stands. */
  private static final Pattern OURS =
      Pattern.compile("(?s).*(xai-(token-)?[0-9A-Za-z]{40}|whsec_[0-9A-Za-z+/]{16}).*");

  private final String file;
  private final List<String> problems = new ArrayList<>();

  private StateFile(String file) {
    this.file = file;
  }

  /**
   * The state that a text says.
   *
   * @param file its name, for messages
   * @throws ConfigException with a line for each problem
   */
  static Thing read(String file, String text) {
    StateFile reader = new StateFile(file);
    Thing state = reader.state(text);
    if (!reader.problems.isEmpty()) {
      throw new ConfigException(String.join("\n", reader.problems));
    }
    return state;
  }

  private Thing state(String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setUseMarks(true)
            .setCodePointLimit(MOST_CHARACTERS)
            .setMaxAliasesForCollections(1)
            .setSchema(new CoreSchema())
            .build();
    Thing state = new Thing(Kind.STATE, 1);
    try {
      Optional<Node> root = new Compose(settings).composeString(text);
      if (root.isEmpty()) {
        throw new ConfigException(
            file + ": it is empty (expected: version: " + Kind.VERSION + ").");
      }
      fill(state, root.get());
    } catch (MarkedYamlEngineException e) {
      // its own text would show a piece of the file
      int line = e.getProblemMark().map(m -> m.getLine() + 1).orElse(1);
      throw new ConfigException(at(line, "", "no YAML: " + e.getProblem()));
    } catch (YamlEngineException e) {
      throw new ConfigException(file + ": no YAML: " + e.getMessage());
    }
    if (problems.isEmpty() && state.find("version").isEmpty()) {
      problem(1, "version", "it is absent (expected: " + Kind.VERSION + ")");
    }
    return state;
  }

  private void fill(Thing thing, Node node) {
    if (!(node instanceof MappingNode mapping)) {
      problem(
          line(node), thing.path(), "it is no mapping (expected: " + thing.kind().known() + ")");
      return;
    }
    Set<String> seen = new HashSet<>();
    // the values first: a path in a message names the thing by them
    for (NodeTuple entry : mapping.getValue()) {
      String name = key(entry.getKeyNode());
      if (!seen.add(name)) {
        problem(line(entry.getKeyNode()), path(thing, name), "it stands here twice");
      } else {
        thing.kind().field(name).ifPresent(f -> value(thing, f, entry.getValueNode()));
      }
    }
    for (Field f : thing.kind().naming()) {
      if (thing.find(f.name()).isEmpty() && !seen.contains(f.name())) {
        f.initial()
            .ifPresentOrElse(
                initial -> thing.put(f.name(), initial),
                () ->
                    problem(
                        line(node),
                        path(thing, f.name()),
                        "it is absent (expected: " + f.form().expected() + ")"));
      }
    }
    for (NodeTuple entry : mapping.getValue()) {
      String name = key(entry.getKeyNode());
      Optional<Kind> part = thing.kind().part(name);
      if (part.isPresent()) {
        list(thing, part.get(), entry.getValueNode());
      } else if (thing.kind().field(name).isEmpty()) {
        unknown(thing, name, line(entry.getKeyNode()));
      }
    }
  }

  private void unknown(Thing thing, String name, int line) {
    problem(
        line,
        thing.path(),
        "there is no field "
            + shown(name)
            + Nearest.to(name, thing.kind().known(), 1).stream()
                .findFirst()
                .map(n -> " (did you mean " + n + "?)")
                .orElse(" (expected: one of " + thing.kind().known() + ")"));
  }

  private void list(Thing thing, Kind kind, Node node) {
    if (!(node instanceof SequenceNode sequence)) {
      problem(line(node), path(thing, kind.section()), "it is no list (expected: - and items)");
      return;
    }
    thing.list(kind);
    Map<String, Integer> names = new HashMap<>();
    for (Node item : sequence.getValue()) {
      Thing part = new Thing(kind, line(item));
      part.parent(thing);
      fill(part, item);
      Integer before = names.putIfAbsent(part.name(), line(item));
      if (before != null) {
        problem(line(item), part.path(), "it stands here twice, first in line " + before);
      }
      thing.add(part);
    }
  }

  private void value(Thing thing, Field field, Node node) {
    String path = path(thing, field.name());
    if (field.form().kind() == Form.Kind.LIST) {
      items(thing, field, node);
      return;
    }
    if (!(node instanceof ScalarNode scalar)) {
      problem(
          line(node), path, "it is no single value (expected: " + field.form().expected() + ")");
      return;
    }
    String text = nothing(scalar) ? Form.NOTHING : scalar.getValue();
    try {
      if (nothing(scalar) && !field.form().mayBeNothing() && !field.hidden()) {
        throw new IllegalArgumentException();
      }
      if (nothing(scalar) && field.hidden()) {
        return;
      }
      if (!field.hidden() && OURS.matcher(text).matches()) {
        problem(line(node), path, "a secret in clear, which is not shown (expected: none here)");
        return;
      }
      thing.put(field.name(), field.form().canonical().apply(text));
    } catch (IllegalArgumentException e) {
      problem(
          line(node),
          path,
          (field.hidden() ? "a value in clear, which is not shown" : shown(text))
              + " (expected: "
              + field.form().expected()
              + ")");
    }
  }

  private void items(Thing thing, Field field, Node node) {
    List<String> items = new ArrayList<>();
    String path = path(thing, field.name());
    if (!(node instanceof SequenceNode sequence)) {
      problem(line(node), path, "it is no list (expected: " + field.form().expected() + ")");
      return;
    }
    for (Node item : sequence.getValue()) {
      if (item instanceof ScalarNode scalar
          && !nothing(scalar)
          && !OURS.matcher(scalar.getValue()).matches()
          && scalar.getValue().chars().noneMatch(Character::isISOControl)) {
        items.add(scalar.getValue());
      } else {
        problem(line(item), path, "an item is no text (expected: " + field.form().expected() + ")");
      }
    }
    thing.put(field.name(), Form.joined(items));
  }

  private static boolean nothing(ScalarNode scalar) {
    return scalar.getTag().equals(Tag.NULL);
  }

  private String key(Node node) {
    return node instanceof ScalarNode scalar ? scalar.getValue() : "?";
  }

  private static String path(Thing thing, String field) {
    String path = thing.path();
    return path.isEmpty() ? field : path + "." + field;
  }

  private static int line(Node node) {
    return node.getStartMark().map(m -> m.getLine() + 1).orElse(1);
  }

  private static String shown(String value) {
    if (OURS.matcher(value).matches()) {
      return "a secret in clear, which is not shown";
    }
    return "\""
        + (value.length() > LONGEST_VALUE ? value.substring(0, LONGEST_VALUE) + "..." : value)
        + "\"";
  }

  private void problem(int line, String path, String what) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(at(line, path, what));
    }
  }

  private String at(int line, String path, String what) {
    return file + ":" + line + ": " + (path.isEmpty() ? "" : path + ": ") + what + ".";
  }
}
