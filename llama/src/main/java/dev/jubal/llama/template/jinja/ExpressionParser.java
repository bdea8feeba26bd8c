package dev.jubal.llama.template.jinja;

import dev.jubal.llama.template.jinja.Token.Kind;
import dev.jubal.llama.template.jinja.value.Dict;
import dev.jubal.llama.template.jinja.value.Display;
import dev.jubal.llama.template.jinja.value.Equality;
import dev.jubal.llama.template.jinja.value.Members;
import dev.jubal.llama.template.jinja.value.Meter;
import dev.jubal.llama.template.jinja.value.Operators;
import dev.jubal.llama.template.jinja.value.Seq;
import dev.jubal.llama.template.jinja.value.TemplateException;
import dev.jubal.llama.template.jinja.value.Text;
import dev.jubal.llama.template.jinja.value.TextBuilder;
import dev.jubal.llama.template.jinja.value.Undefined;
import dev.jubal.llama.template.jinja.value.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads expressions, by falling precedence: each method reads one level and those that bind
 * tighter.
 */
final class ExpressionParser {
  private static final int MOST_OPERANDS = 500;
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
  private static final Set<Kind> TEST_ARGUMENT =
      Set.of(Kind.NAME, Kind.STRING, Kind.INTEGER, Kind.FLOAT);

  private final TokenStream tokens;
  private final Functions functions;

  /** Names that were read, for those macros whose meaning depends on it. */
  private final Set<String> used;

  /** Whether what is read now may never run, so that an unknown filter is no error yet. */
  private boolean conditional;

  /** Filters and tests that do not exist and will be asked for. */
  private final List<TemplateException> unknown = new ArrayList<>();

  ExpressionParser(TokenStream tokens, Functions functions, Set<String> used) {
    this.tokens = tokens;
    this.functions = functions;
    this.used = used;
  }

  /** Reads with another view on unknown filters and tests. */
  <T> T read(boolean mayNotRun, Supplier<T> reading) {
    boolean before = conditional;
    conditional = mayNotRun;
    T read = reading.get();
    conditional = before;
    return read;
  }

  /** Throws what was wrong in all that was read. */
  void check() {
    if (!unknown.isEmpty()) {
      throw unknown.getFirst();
    }
  }

  /** One expression, or several with commas: a tuple. Ends before one of the names given. */
  Expression tuple(boolean choices, Set<String> ends) {
    List<Expression> parts = new ArrayList<>();
    boolean row = false;
    while (!(row && rowEnds(ends))) {
      parts.add(choices ? expression() : or());
      if (!tokens.took(",")) {
        break;
      }
      row = true;
    }
    return row ? tuple(parts) : parts.getFirst();
  }

  private boolean rowEnds(Set<String> ends) {
    Token token = tokens.current();
    return token.kind() == Kind.PRINT_END
        || token.kind() == Kind.BLOCK_END
        || token.operator(")")
        || (token.kind() == Kind.NAME && ends.contains(token.text()));
  }

  private static Expression tuple(List<Expression> parts) {
    return frame -> new Seq(Seq.Kind.TUPLE, all(parts, frame));
  }

  private static List<Value> all(List<Expression> parts, Frame frame) {
    List<Value> values = new ArrayList<>(parts.size());
    for (Expression part : parts) {
      values.add(part.evaluate(frame));
    }
    return values;
  }

  /** A whole expression: {@code a if condition else b} and all that binds tighter. */
  Expression expression() {
    tokens.down();
    int before = unknown.size();
    Expression left = or();
    int operands = 0;
    while (tokens.tookName("if")) {
      many(++operands);
      Expression then = left;
      Expression condition = or();
      Expression otherwise =
          tokens.tookName("else")
              ? expression()
              : frame ->
                  new Undefined(
                      "the inline if-expression evaluated to false and no else was given");
      left =
          frame ->
              condition.evaluate(frame).truth() ? then.evaluate(frame) : otherwise.evaluate(frame);
    }
    if (operands > 0) {
      // All parts of a choice may never run.
      unknown.subList(before, unknown.size()).clear();
    }
    tokens.up();
    return left;
  }

  private void many(int operands) {
    if (operands > MOST_OPERANDS) {
      throw tokens.wrong("more than " + MOST_OPERANDS + " operands in a row");
    }
  }

  Expression or() {
    Expression left = and();
    for (int operands = 1; tokens.tookName("or"); many(++operands)) {
      Expression first = left;
      Expression second = and();
      left =
          frame -> {
            Value value = first.evaluate(frame);
            return value.truth() ? value : second.evaluate(frame);
          };
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    for (int operands = 1; tokens.tookName("and"); many(++operands)) {
      Expression first = left;
      Expression second = not();
      left =
          frame -> {
            Value value = first.evaluate(frame);
            return value.truth() ? second.evaluate(frame) : value;
          };
    }
    return left;
  }

  private Expression not() {
    if (!tokens.tookName("not")) {
      return comparison();
    }
    tokens.down();
    Expression operand = not();
    tokens.up();
    return frame -> Value.Bool.of(!operand.evaluate(frame).truth());
  }

  private Expression comparison() {
    Expression first = sum();
    List<String> operators = new ArrayList<>();
    List<Expression> operands = new ArrayList<>(List.of(first));
    String operator;
    while ((operator = comparing()) != null) {
      operators.add(operator);
      operands.add(sum());
    }
    return operators.isEmpty() ? first : frame -> chain(operators, operands, frame);
  }

  private @Nullable String comparing() {
    Token token = tokens.current();
    if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
      return tokens.next().text();
    }
    if (tokens.tookName("in")) {
      return "in";
    }
    if (token.name("not") && tokens.ahead().name("in")) {
      tokens.next();
      tokens.next();
      return "not in";
    }
    return null;
  }

  private static Value chain(List<String> operators, List<Expression> operands, Frame frame) {
    Value left = operands.getFirst().evaluate(frame);
    for (int i = 0; i < operators.size(); i++) {
      Value right = operands.get(i + 1).evaluate(frame);
      if (!holds(operators.get(i), left, right, frame.meter())) {
        return Value.Bool.FALSE;
      }
      left = right;
    }
    return Value.Bool.TRUE;
  }

  private static boolean holds(String operator, Value a, Value b, Meter meter) {
    return switch (operator) {
      case "==" -> Equality.equal(a, b, meter);
      case "!=" -> !Equality.equal(a, b, meter);
      case "<" -> Equality.compare(a, b, operator, meter) < 0;
      case "<=" -> Equality.compare(a, b, operator, meter) <= 0;
      case ">" -> Equality.compare(a, b, operator, meter) > 0;
      case ">=" -> Equality.compare(a, b, operator, meter) >= 0;
      case "in" -> Operators.contains(b, a, meter);
      default -> !Operators.contains(b, a, meter);
    };
  }

  private Expression sum() {
    return arithmetic(this::joined, "+", "-");
  }

  private Expression joined() {
    Expression first = product();
    if (!tokens.operator("~")) {
      return first;
    }
    List<Expression> parts = new ArrayList<>(List.of(first));
    while (tokens.took("~")) {
      parts.add(product());
    }
    return frame -> {
      TextBuilder out = new TextBuilder(frame.meter());
      for (Expression part : parts) {
        out.add(Display.text(part.evaluate(frame), frame.meter()));
      }
      return out.build();
    };
  }

  private Expression product() {
    return arithmetic(() -> arithmetic(() -> unary(true), "**"), "*", "/", "//", "%");
  }

  private Expression arithmetic(Supplier<Expression> operand, String... operators) {
    Set<String> wanted = Set.of(operators);
    Expression left = operand.get();
    int operands = 1;
    while (tokens.is(Kind.OPERATOR) && wanted.contains(tokens.current().text())) {
      many(++operands);
      String operator = tokens.next().text();
      Expression first = left;
      Expression second = operand.get();
      left =
          frame ->
              Operators.arithmetic(
                  operator, first.evaluate(frame), second.evaluate(frame), frame.meter());
    }
    return left;
  }

  private Expression unary(boolean filters) {
    tokens.down();
    Expression read;
    if (tokens.took("-")) {
      Expression operand = unary(false);
      read = frame -> Operators.negated(operand.evaluate(frame));
    } else if (tokens.took("+")) {
      Expression operand = unary(false);
      read = frame -> Operators.positive(operand.evaluate(frame));
    } else {
      read = primary();
    }
    read = postfix(read);
    tokens.up();
    return filters ? filtered(read) : read;
  }

  private Expression primary() {
    Token token = tokens.current();
    return switch (token.kind()) {
      case NAME -> name(tokens.next().text());
      case STRING -> string();
      case INTEGER -> constant(new Value.Int(integer(tokens.next().text())));
      case FLOAT -> constant(new Value.Real(Double.parseDouble(tokens.next().text())));
      case OPERATOR ->
          switch (token.text()) {
            case "(" -> parenthesis();
            case "[" -> list();
            case "{" -> dict();
            default -> throw tokens.wrong("unexpected " + token.shown());
          };
      default -> throw tokens.wrong("unexpected " + token.shown());
    };
  }

  private static BigInteger integer(String digits) {
    String lower = digits.toLowerCase(Locale.ROOT);
    int radix =
        lower.startsWith("0x") ? 16 : lower.startsWith("0o") ? 8 : lower.startsWith("0b") ? 2 : 10;
    return new BigInteger(radix == 10 ? lower : lower.substring(2), radix);
  }

  private static Expression constant(Value value) {
    return frame -> value;
  }

  private Expression name(String name) {
    return switch (name) {
      case "true", "True" -> constant(Value.Bool.TRUE);
      case "false", "False" -> constant(Value.Bool.FALSE);
      case "none", "None" -> constant(Value.None.NONE);
      default -> {
        used.add(name);
        yield frame -> frame.get(name);
      }
    };
  }

  private Expression string() {
    StringBuilder joined = new StringBuilder();
    while (tokens.is(Kind.STRING)) {
      joined.append(tokens.next().text());
    }
    return constant(Text.literal(joined.toString()));
  }

  private Expression parenthesis() {
    tokens.expect("(");
    if (tokens.took(")")) {
      return tuple(List.of());
    }
    Expression inner = tuple(true, Set.of());
    tokens.expect(")");
    return inner;
  }

  private Expression list() {
    tokens.expect("[");
    List<Expression> parts = new ArrayList<>();
    while (!tokens.operator("]")) {
      if (!parts.isEmpty()) {
        tokens.expect(",");
        if (tokens.operator("]")) {
          break;
        }
      }
      parts.add(expression());
    }
    tokens.expect("]");
    return frame -> {
      frame.meter().steps(parts.size());
      return Seq.list(all(parts, frame));
    };
  }

  private Expression dict() {
    tokens.expect("{");
    List<Expression> keys = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!tokens.operator("}")) {
      if (!keys.isEmpty()) {
        tokens.expect(",");
        if (tokens.operator("}")) {
          break;
        }
      }
      keys.add(expression());
      tokens.expect(":");
      values.add(expression());
    }
    tokens.expect("}");
    return frame -> {
      Dict dict = new Dict();
      for (int i = 0; i < keys.size(); i++) {
        dict.put(keys.get(i).evaluate(frame), values.get(i).evaluate(frame));
      }
      return dict;
    };
  }

  private Expression postfix(Expression start) {
    Expression read = start;
    for (int operands = 1; ; many(++operands)) {
      if (tokens.operator(".")) {
        read = attribute(read);
      } else if (tokens.operator("[")) {
        read = subscript(read);
      } else if (tokens.operator("(")) {
        read = new Call(read, arguments());
      } else {
        return read;
      }
    }
  }

  private Expression filtered(Expression start) {
    Expression read = start;
    for (int operands = 1; ; many(++operands)) {
      if (tokens.took("|")) {
        read = filter(read);
      } else if (tokens.tookName("is")) {
        read = test(read);
      } else if (tokens.operator("(")) {
        read = new Call(read, arguments());
      } else {
        return read;
      }
    }
  }

  private Expression attribute(Expression owner) {
    tokens.expect(".");
    if (tokens.is(Kind.INTEGER)) {
      Value index = new Value.Int(integer(tokens.next().text()));
      return frame -> Members.item(owner.evaluate(frame), index, frame.meter());
    }
    String name = tokens.name();
    return frame -> Members.attribute(owner.evaluate(frame), name, frame.meter());
  }

  private Expression subscript(Expression owner) {
    tokens.expect("[");
    if (tokens.operator("]")) {
      throw tokens.wrong("expected an index between [ and ]");
    }
    @Nullable Expression[] parts = new @Nullable Expression[3];
    int part = 0;
    while (!tokens.operator("]") && !tokens.operator(",")) {
      if (part < 2 && tokens.took(":")) {
        part++;
      } else if (parts[part] == null) {
        parts[part] = expression();
      } else {
        throw tokens.wrong("expected token ']', got " + tokens.current().shown());
      }
    }
    Expression index = part > 0 ? null : orNone(parts[0]);
    if (index != null && tokens.took(",")) {
      index = rest(index);
    }
    tokens.expect("]");
    return index == null ? slice(owner, parts) : item(owner, index);
  }

  /** Several indexes are one: a tuple. */
  private Expression rest(Expression first) {
    List<Expression> all = new ArrayList<>(List.of(first));
    do {
      all.add(expression());
    } while (tokens.took(","));
    return tuple(all);
  }

  private static Expression item(Expression owner, Expression index) {
    return frame -> Members.item(owner.evaluate(frame), index.evaluate(frame), frame.meter());
  }

  private static Expression slice(Expression owner, @Nullable Expression[] parts) {
    Expression from = orNone(parts[0]);
    Expression to = orNone(parts[1]);
    Expression step = orNone(parts[2]);
    return frame ->
        Members.slice(
            owner.evaluate(frame),
            from.evaluate(frame),
            to.evaluate(frame),
            step.evaluate(frame),
            frame.meter());
  }

  private static Expression orNone(@Nullable Expression part) {
    return part == null ? constant(Value.None.NONE) : part;
  }

  private ArgumentList arguments() {
    tokens.expect("(");
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    Expression row = null;
    Expression dict = null;
    while (!tokens.operator(")")) {
      if (tokens.took("**") && dict == null) {
        dict = expression();
      } else if (tokens.operator("*") && row == null && dict == null) {
        tokens.next();
        row = expression();
      } else if (tokens.is(Kind.NAME) && tokens.ahead().operator("=") && dict == null) {
        String name = tokens.name();
        tokens.expect("=");
        if (named.put(name, expression()) != null) {
          throw tokens.wrong("keyword argument repeated: " + name);
        }
      } else if (row == null && dict == null && named.isEmpty()) {
        positional.add(expression());
      } else {
        throw tokens.wrong("invalid syntax for function call expression");
      }
      if (!tokens.operator(")")) {
        tokens.expect(",");
      }
    }
    tokens.expect(")");
    return new ArgumentList(List.copyOf(positional), named, row, dict);
  }

  private String dotted() {
    StringBuilder name = new StringBuilder(tokens.name());
    while (tokens.took(".")) {
      name.append('.').append(tokens.name());
    }
    return name.toString();
  }

  /** A filter, of which the bar has been read. */
  Expression filter(Expression input) {
    int line = tokens.current().line();
    String name = dotted();
    ArgumentList arguments = tokens.operator("(") ? arguments() : ArgumentList.NONE;
    if (!conditional && !functions.hasFilter(name)) {
      unknown.add(Lexer.syntax("No filter named '" + name + "'.", line));
    }
    return frame -> {
      frame.meter().step();
      Value value = input.evaluate(frame);
      return functions.filter(name, value, arguments.evaluate(frame), frame.meter());
    };
  }

  private Expression test(Expression input) {
    boolean negated = tokens.tookName("not");
    int line = tokens.current().line();
    String name = dotted();
    ArgumentList arguments = testArguments();
    if (!conditional && !functions.hasTest(name)) {
      unknown.add(Lexer.syntax("No test named '" + name + "'.", line));
    }
    return frame -> {
      frame.meter().step();
      Value value = input.evaluate(frame);
      return Value.Bool.of(
          functions.test(name, value, arguments.evaluate(frame), frame.meter()) != negated);
    };
  }

  private ArgumentList testArguments() {
    if (tokens.operator("(")) {
      return arguments();
    }
    Token token = tokens.current();
    boolean argument =
        TEST_ARGUMENT.contains(token.kind()) || token.operator("[") || token.operator("{");
    if (!argument || token.name("else") || token.name("or") || token.name("and")) {
      return ArgumentList.NONE;
    }
    if (token.name("is")) {
      throw tokens.wrong("You cannot chain multiple tests with is");
    }
    return ArgumentList.of(postfix(primary()));
  }
}
