package dev.jubal.llama.constraint;

import dev.jubal.llama.CallSyntax;
import dev.jubal.llama.OutputForm;
import dev.jubal.llama.Segment;
import dev.jubal.llama.constraint.automaton.TextLeaves;
import dev.jubal.llama.constraint.network.Network;
import dev.jubal.llama.constraint.network.NetworkBuilder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * Writes calls of functions, and what may stand before or instead of them, around the rules of
 * their arguments.
 *
 * <p>Text is told from a call by what a call begins with. Free text is therefore two automata side
 * by side: one of texts in which that does not occur, which may end at any time, and one of texts
 * up to its first occurrence, behind which the call goes on.
 */
final class CallsWriter {
  private final NetworkBuilder network;
  private final OutputForm.Calls calls;
  private final CallSyntax syntax;
  private final Function<String, Optional<byte[]>> special;
  private final int end;

  /**
   * @param special the private spelling of a control token by its name; empty if the vocabulary has
   *     none, then the name is text
   */
  CallsWriter(
      NetworkBuilder network, OutputForm.Calls calls, Function<String, Optional<byte[]>> special) {
    this.network = network;
    this.calls = calls;
    this.syntax = calls.syntax();
    this.special = special;
    this.end = network.state(Network.FINAL | Network.OUTSIDE);
  }

  /**
   * Writes it all.
   *
   * @param arguments the rules of the functions' arguments
   * @param otherwise the rule of JSON that may stand instead; -1 if it is not JSON
   */
  int write(List<Integer> arguments, int otherwise) {
    int root = network.state(Network.OUTSIDE);
    int opened = network.state(Network.OUTSIDE);
    byte[] opening = bytes(syntax.opening());
    int named = call(opened, arguments);
    network.empty(text(root, opening), opened);
    if (otherwise >= 0) {
      network.call(root, otherwise, end);
      network.mark(named, Network.COMMIT);
    } else if (calls.otherwise().isPresent()) {
      freeText(root, opening.length > 0 ? opened : named, opening);
    }
    return root;
  }

  private void freeText(int root, int triggered, byte[] opening) {
    byte[] before = bytes(syntax.beforeName());
    byte[] trigger = opening.length > 0 ? opening : before;
    if (!syntax.anywhere()) {
      byte[] head = joined(opening, before);
      boolean plain = plain(syntax.opening()) && plain(syntax.beforeName());
      network.leaf(root, plain ? TextLeaves.notBeginning(head) : TextLeaves.any(), end);
    } else if (plain(opening.length > 0 ? syntax.opening() : syntax.beforeName())) {
      int behind = network.state(Network.OUTSIDE);
      network.leaf(root, TextLeaves.without(trigger), end);
      network.leaf(root, TextLeaves.until(trigger), behind);
      network.empty(behind, triggered);
    } else {
      int behind = network.state(Network.OUTSIDE);
      network.leaf(root, TextLeaves.any(), end);
      network.leaf(root, TextLeaves.any(), behind);
      network.empty(text(behind, trigger), triggered);
    }
  }

  /** Writes a call and what may follow it; returns the state in which the name follows. */
  private int call(int opened, List<Integer> arguments) {
    int named = network.state(Network.OUTSIDE);
    network.empty(text(opened, bytes(syntax.beforeName())), named);
    int called = network.state(Network.OUTSIDE);
    Map<String, Integer> prefixes = new HashMap<>();
    prefixes.put("", named);
    byte[] before = bytes(syntax.beforeArguments());
    for (int i = 0; i < arguments.size(); i++) {
      byte[] name = calls.functions().get(i).name().getBytes(StandardCharsets.UTF_8);
      int state = shared(prefixes, joined(name, before));
      network.call(state, arguments.get(i), called);
    }
    int done = text(called, bytes(syntax.afterArguments()));
    network.empty(text(done, bytes(syntax.closing())), end);
    if (calls.parallel()) {
      network.empty(text(done, bytes(syntax.between())), opened);
    }
    return named;
  }

  /** Reads bytes, through the states of those read before as far as they are the same. */
  private int shared(Map<String, Integer> prefixes, byte[] text) {
    String all = new String(text, StandardCharsets.ISO_8859_1);
    int known = all.length();
    while (!prefixes.containsKey(all.substring(0, known))) {
      known--;
    }
    int state = Objects.requireNonNull(prefixes.get(all.substring(0, known)));
    for (int i = known; i < text.length; i++) {
      int next = network.state(Network.OUTSIDE);
      network.octets(state, text[i] & 255, text[i] & 255, next);
      prefixes.put(all.substring(0, i + 1), next);
      state = next;
    }
    return state;
  }

  private int text(int from, byte[] text) {
    return network.text(from, text, Network.OUTSIDE);
  }

  private boolean plain(List<Segment> segments) {
    return segments.stream().noneMatch(s -> s.special() && special.apply(s.text()).isPresent());
  }

  private byte[] bytes(List<Segment> segments) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Segment segment : segments) {
      Optional<byte[]> spelling =
          segment.special() ? special.apply(segment.text()) : Optional.empty();
      bytes.writeBytes(spelling.orElseGet(() -> segment.text().getBytes(StandardCharsets.UTF_8)));
    }
    return bytes.toByteArray();
  }

  private static byte[] joined(byte[] first, byte[] second) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(first);
    bytes.writeBytes(second);
    return bytes.toByteArray();
  }
}
