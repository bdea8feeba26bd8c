package dev.jubal.llama.template.jinja;

import dev.jubal.llama.template.jinja.value.Arguments;
import dev.jubal.llama.template.jinja.value.Callable;
import dev.jubal.llama.template.jinja.value.Equality;
import dev.jubal.llama.template.jinja.value.Meter;
import dev.jubal.llama.template.jinja.value.Operators;
import dev.jubal.llama.template.jinja.value.Seq;
import dev.jubal.llama.template.jinja.value.TemplateException;
import dev.jubal.llama.template.jinja.value.TextBuilder;
import dev.jubal.llama.template.jinja.value.Undefined;
import dev.jubal.llama.template.jinja.value.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A running loop, as its body sees it under the name {@code loop}. */
final class Loop implements Callable {
  private final Program program;
  private final Frame home;
  private final List<Value> items;
  private final int depth;
  private int index;
  private @Nullable Value last;

  private Loop(Program program, Frame home, List<Value> items, int depth) {
    this.program = program;
    this.home = home;
    this.items = items;
    this.depth = depth;
  }

  /**
   * A loop as it is written.
   *
   * @param condition which elements are left out; null for none
   * @param recursive whether {@code loop(elements)} runs it again within itself
   * @param none what is done when there are no elements
   */
  record Program(
      Target target,
      Expression over,
      @Nullable Expression condition,
      boolean recursive,
      Statement body,
      Statement none)
      implements Statement {

    @Override
    public Flow execute(Frame frame, TextBuilder out) {
      return run(over.evaluate(frame), frame, 1, out);
    }

    private Flow run(Value value, Frame frame, int depth, TextBuilder out) {
      List<Value> items = chosen(Operators.elements(value, frame.meter()), frame);
      if (items.isEmpty()) {
        return none.execute(frame.inner(), out);
      }
      Loop loop = new Loop(this, frame, items, depth);
      boolean ended = false;
      for (; loop.index < items.size(); loop.index++) {
        frame.meter().step();
        Frame inner = frame.inner();
        inner.set("loop", loop);
        target.assign(inner, items.get(loop.index));
        Flow flow = body.execute(inner, out);
        ended |= flow == Flow.ON;
        if (flow == Flow.BREAK) {
          break;
        }
      }
      // As Jinja2 has it: the else part is for loops whose body never came to its end.
      return ended ? Flow.ON : none.execute(frame.inner(), out);
    }

    private List<Value> chosen(List<Value> items, Frame frame) {
      if (condition == null) {
        return items;
      }
      List<Value> chosen = new ArrayList<>();
      for (Value item : items) {
        frame.meter().step();
        Frame inner = frame.inner();
        inner.set("loop", new Undefined("'loop' is undefined in the condition of a loop"));
        target.assign(inner, item);
        if (condition.evaluate(inner).truth()) {
          chosen.add(item);
        }
      }
      return chosen;
    }
  }

  @Override
  public String type() {
    return "LoopContext";
  }

  @Override
  public Value call(Arguments arguments, Meter meter) {
    if (!program.recursive) {
      throw TemplateException.failed("The loop must have the 'recursive' marker to be called");
    }
    meter.enter();
    TextBuilder out = new TextBuilder(meter);
    program.run(arguments.unnamed("loop", 1, 1).get(0), home, depth + 1, out);
    meter.leave();
    return out.build();
  }

  @Override
  public @Nullable Value attribute(String name) {
    return switch (name) {
      case "index" -> Value.Int.of(index + 1L);
      case "index0" -> Value.Int.of(index);
      case "revindex" -> Value.Int.of((long) items.size() - index);
      case "revindex0" -> Value.Int.of(items.size() - 1L - index);
      case "first" -> Value.Bool.of(index == 0);
      case "last" -> Value.Bool.of(index == items.size() - 1);
      case "length" -> Value.Int.of(items.size());
      case "depth" -> Value.Int.of(depth);
      case "depth0" -> Value.Int.of(depth - 1L);
      case "previtem" -> neighbour(index - 1, "there is no previous item");
      case "nextitem" -> neighbour(index + 1, "there is no next item");
      case "cycle" -> (Callable.Function) (arguments, _) -> cycle(arguments);
      case "changed" -> (Callable.Function) this::changed;
      default -> null;
    };
  }

  private Value neighbour(int place, String reason) {
    return place < 0 || place >= items.size() ? new Undefined(reason) : items.get(place);
  }

  private Value cycle(Arguments arguments) {
    List<Value> values = arguments.positional();
    if (values.isEmpty()) {
      throw TemplateException.failed("no items for cycling given");
    }
    return values.get(index % values.size());
  }

  private Value changed(Arguments arguments, Meter meter) {
    Value now = new Seq(Seq.Kind.TUPLE, arguments.positional());
    boolean changed = last == null || !Equality.equal(last, now, meter);
    last = now;
    return Value.Bool.of(changed);
  }
}
