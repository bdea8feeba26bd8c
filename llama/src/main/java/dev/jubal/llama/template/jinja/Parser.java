package dev.jubal.llama.template.jinja;

import dev.jubal.llama.template.jinja.Statement.Flow;
import dev.jubal.llama.template.jinja.Token.Kind;
import dev.jubal.llama.template.jinja.value.Display;
import dev.jubal.llama.template.jinja.value.Text;
import dev.jubal.llama.template.jinja.value.TextBuilder;
import dev.jubal.llama.template.jinja.value.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads a template's text, prints and statements. */
final class Parser {
  private final TokenStream tokens;
  private final Set<String> used = new HashSet<>();
  private final ExpressionParser expressions;

  private Parser(List<Token> tokens, Functions functions) {
    this.tokens = new TokenStream(tokens);
    this.expressions = new ExpressionParser(this.tokens, functions, used);
  }

  /**
   * The program of a template.
   *
   * @throws dev.jubal.llama.template.jinja.value.TemplateException SYNTAX, naming the line
   */
  static Statement parse(String template, Functions functions) {
    Parser parser = new Parser(Lexer.tokens(template), functions);
    Statement program = parser.body(Set.of());
    parser.expressions.check();
    return program;
  }

  /** Statements up to a block of one of these names, of which the name comes next. */
  private Statement body(Set<String> ends) {
    tokens.down();
    List<Statement> statements = new ArrayList<>();
    while (true) {
      Token token = tokens.next();
      switch (token.kind()) {
        case DATA -> statements.add(data(Text.literal(token.text())));
        case PRINT_BEGIN -> statements.add(print());
        case BLOCK_BEGIN -> {
          if (tokens.is(Kind.NAME) && ends.contains(tokens.current().text())) {
            tokens.up();
            return sequence(statements);
          }
          statements.add(statement());
        }
        default -> {
          if (token.kind() == Kind.END && ends.isEmpty()) {
            tokens.up();
            return sequence(statements);
          }
          throw Lexer.syntax(
              "unexpected " + token.shown() + " (expected: one of " + new TreeSet<>(ends) + ")",
              token.line());
        }
      }
    }
  }

  /** A body in a scope of its own, to the end of its block. */
  private Statement block(String end) {
    Statement body = expressions.read(false, () -> body(Set.of(end)));
    tokens.next();
    tokens.expect(Kind.BLOCK_END);
    return body;
  }

  private static Statement sequence(List<Statement> statements) {
    Statement[] all = statements.toArray(Statement[]::new);
    return (frame, out) -> {
      for (Statement statement : all) {
        Flow flow = statement.execute(frame, out);
        if (flow != Flow.ON) {
          return flow;
        }
      }
      return Flow.ON;
    };
  }

  private static Statement data(Text text) {
    return (frame, out) -> {
      out.add(text);
      return Flow.ON;
    };
  }

  private Statement print() {
    Expression expression = expressions.tuple(true, Set.of());
    tokens.expect(Kind.PRINT_END);
    return (frame, out) -> {
      frame.meter().step();
      out.add(Display.text(expression.evaluate(frame), frame.meter()));
      return Flow.ON;
    };
  }

  private Statement statement() {
    Token token = tokens.current();
    String tag = tokens.name();
    return switch (tag) {
      case "if" -> choice();
      case "for" -> loop();
      case "set" -> set();
      case "macro" -> macro();
      case "call" -> callBlock();
      case "filter" -> filterBlock();
      case "with" -> with();
      case "generation" -> {
        tokens.expect(Kind.BLOCK_END);
        Statement body = block("endgeneration");
        yield (frame, out) -> body.execute(frame.inner(), out);
      }
      case "break" -> leave(Flow.BREAK);
      case "continue" -> leave(Flow.CONTINUE);
      default -> throw Lexer.syntax("Encountered unknown tag '" + tag + "'.", token.line());
    };
  }

  private Statement leave(Flow flow) {
    tokens.expect(Kind.BLOCK_END);
    return (frame, out) -> flow;
  }

  private Statement choice() {
    Expression condition = expressions.read(true, () -> expressions.tuple(false, Set.of()));
    tokens.expect(Kind.BLOCK_END);
    Statement then = expressions.read(true, () -> body(Set.of("elif", "else", "endif")));
    String next = tokens.name();
    Statement otherwise;
    if (next.equals("elif")) {
      tokens.down();
      otherwise = choice();
      tokens.up();
    } else {
      tokens.expect(Kind.BLOCK_END);
      otherwise = next.equals("else") ? elseBranch("endif") : sequence(List.of());
    }
    return (frame, out) -> {
      frame.meter().step();
      return condition.evaluate(frame).truth()
          ? then.execute(frame, out)
          : otherwise.execute(frame, out);
    };
  }

  private Statement elseBranch(String end) {
    Statement body = expressions.read(true, () -> body(Set.of(end)));
    tokens.next();
    tokens.expect(Kind.BLOCK_END);
    return body;
  }

  private Statement loop() {
    Target target = target(false);
    if (!tokens.tookName("in")) {
      throw tokens.wrong("expected 'in', got " + tokens.current().shown());
    }
    Expression over = expressions.tuple(false, Set.of("recursive", "if"));
    Expression condition =
        tokens.tookName("if") ? expressions.read(false, expressions::expression) : null;
    boolean recursive = tokens.tookName("recursive");
    tokens.expect(Kind.BLOCK_END);
    Statement body = expressions.read(false, () -> body(Set.of("else", "endfor")));
    boolean otherwise = tokens.name().equals("else");
    tokens.expect(Kind.BLOCK_END);
    Statement none = otherwise ? block("endfor") : sequence(List.of());
    return new Loop.Program(target, over, condition, recursive, body, none);
  }

  private Target target(boolean attributes) {
    List<Target> targets = new ArrayList<>();
    boolean row = false;
    do {
      if (row && (tokens.operator("=") || tokens.name("in"))) {
        break;
      }
      targets.add(oneTarget(attributes));
      row |= tokens.operator(",");
    } while (tokens.took(","));
    return row ? Target.row(List.copyOf(targets)) : targets.getFirst();
  }

  private Target oneTarget(boolean attributes) {
    if (tokens.took("(")) {
      tokens.down();
      Target inner = target(attributes);
      tokens.up();
      tokens.expect(")");
      return inner;
    }
    String name = tokens.name();
    if (attributes && tokens.took(".")) {
      used.add(name);
      return Target.attribute(name, tokens.name());
    }
    if (Set.of("true", "false", "none", "True", "False", "None").contains(name)) {
      throw tokens.wrong("can't assign to '" + name + "'");
    }
    return Target.name(name);
  }

  private Statement set() {
    Target target = target(true);
    if (tokens.took("=")) {
      Expression expression = expressions.tuple(true, Set.of());
      tokens.expect(Kind.BLOCK_END);
      return (frame, out) -> {
        frame.meter().step();
        target.assign(frame, expression.evaluate(frame));
        return Flow.ON;
      };
    }
    UnaryOperator<Expression> filters = tokens.took("|") ? filters() : UnaryOperator.identity();
    tokens.expect(Kind.BLOCK_END);
    Expression written = filters.apply(written(block("endset")));
    return (frame, out) -> {
      target.assign(frame, written.evaluate(frame));
      return Flow.ON;
    };
  }

  /** What a body writes, as a value. */
  private static Expression written(Statement body) {
    return frame -> {
      TextBuilder inner = new TextBuilder(frame.meter());
      body.execute(frame.inner(), inner);
      return inner.build();
    };
  }

  /** Filters in a row, to be applied to what is only read later. */
  private UnaryOperator<Expression> filters() {
    Holder holder = new Holder();
    Expression filtered = expressions.filter(holder);
    while (tokens.took("|")) {
      filtered = expressions.filter(filtered);
    }
    Expression all = filtered;
    return input -> {
      holder.input = input;
      return all;
    };
  }

  private static final class Holder implements Expression {
    private @Nullable Expression input;

    @Override
    public Value evaluate(Frame frame) {
      if (input == null) {
        throw new IllegalStateException("filters were read but never given their input");
      }
      return input.evaluate(frame);
    }
  }

  private Statement filterBlock() {
    UnaryOperator<Expression> filters = filters();
    tokens.expect(Kind.BLOCK_END);
    Expression written = filters.apply(written(block("endfilter")));
    return (frame, out) -> {
      out.add(Display.text(written.evaluate(frame), frame.meter()));
      return Flow.ON;
    };
  }

  private Statement with() {
    List<String> names = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!tokens.is(Kind.BLOCK_END)) {
      if (!names.isEmpty()) {
        tokens.expect(",");
      }
      names.add(tokens.name());
      tokens.expect("=");
      values.add(expressions.expression());
    }
    tokens.expect(Kind.BLOCK_END);
    Statement body = block("endwith");
    return (frame, out) -> {
      Frame inner = frame.inner();
      for (int i = 0; i < names.size(); i++) {
        inner.set(names.get(i), values.get(i).evaluate(frame));
      }
      return body.execute(inner, out);
    };
  }

  private Statement macro() {
    String name = tokens.name();
    Macro.Program program = program(name, "endmacro", true);
    return (frame, out) -> {
      frame.set(name, new Macro(program, frame));
      return Flow.ON;
    };
  }

  private Statement callBlock() {
    boolean parameters = tokens.operator("(");
    List<Macro.Parameter> declared = parameters ? parameters() : List.of();
    Expression expression = expressions.expression();
    if (!(expression instanceof Call call)) {
      throw tokens.wrong("expected call");
    }
    tokens.expect(Kind.BLOCK_END);
    Macro.Program program = body("caller", declared, "endcall");
    return (frame, out) -> {
      Value written = call.evaluate(frame, "caller", new Macro(program, frame));
      out.add(Display.text(written, frame.meter()));
      return Flow.ON;
    };
  }

  private Macro.Program program(String name, String end, boolean parameters) {
    List<Macro.Parameter> declared = parameters ? parameters() : List.of();
    tokens.expect(Kind.BLOCK_END);
    return body(name, declared, end);
  }

  private Macro.Program body(String name, List<Macro.Parameter> parameters, String end) {
    Set<String> before = Set.copyOf(used);
    used.clear();
    Statement body = block(end);
    Set<String> within = Set.copyOf(used);
    used.addAll(before);
    return new Macro.Program(name, parameters, body, within);
  }

  private List<Macro.Parameter> parameters() {
    tokens.expect("(");
    List<Macro.Parameter> parameters = new ArrayList<>();
    while (!tokens.operator(")")) {
      if (!parameters.isEmpty()) {
        tokens.expect(",");
      }
      String name = tokens.name();
      Expression otherwise = tokens.took("=") ? expressions.expression() : null;
      if (otherwise == null && !parameters.isEmpty() && parameters.getLast().otherwise() != null) {
        throw tokens.wrong("non-default argument follows default argument");
      }
      parameters.add(new Macro.Parameter(name, otherwise));
    }
    tokens.expect(")");
    return List.copyOf(parameters);
  }
}
