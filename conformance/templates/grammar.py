"""Random small templates, mostly meaningful: kinds of values are tracked so that most run."""

import random

VARIABLES = {
    "s": "Hello World",
    "t": "  a,b;c\n d  ",
    "u": "ß Straße İ ﬁ 日本 👩‍👧 \u2028x",
    "e": "",
    "n": 7,
    "z": 0,
    "neg": -3,
    "f": 2.5,
    "big": 1e20,
    "b": True,
    "no": None,
    "l": [3, 1, 2],
    "w": ["b", "A", "c", "a"],
    "mixed": [1, "x", None, True, 2.0],
    "empty": [],
    "d": {"x": 1, "y": "two", "Z": None, "k": [1, 2]},
    "m": [
        {"role": "user", "content": "Hi", "n": 2},
        {"role": "assistant", "content": "Yo <b>", "n": 1},
        {"role": "user", "content": "", "n": 3},
    ],
}

TEXTS = ["s", "t", "u", "e", "'x'", "'a b'", '"q\'s"', "'<&>'", "'\\n'", "d.y", "m[0].role", "m[1]['content']"]
NUMBERS = ["n", "z", "neg", "f", "big", "0", "1", "2", "3", "10", "1.5", "0.1", "b", "d.x"]
LISTS = ["l", "w", "mixed", "empty", "[1, 2]", "['a', 'b']", "d.k", "(1, 2)", "range(4)", "m"]
ANY = ["no", "d", "m[0]", "missing", "d.missing", "true", "none", "{'a': 1}", "namespace(a=1)"]

TEXT_FILTERS = [
    "upper", "lower", "title", "capitalize", "trim", "string", "length", "list", "first", "last", "reverse",
    "e", "safe", "tojson", "int", "float", "wordcount", "urlencode", "trim('a ')", "replace('a', 'b')",
    "replace('l', 'L', 1)", "replace('', '-')", "indent", "indent(2, true)", "indent(1, first=True, blank=True)",
    "default('d')", "default('d', true)", "truncate(5)", "truncate(5, true, '', 0)", "center(20)", "unique | join",
    "batch(2) | list", "sort | join", "int(5)", "float(1.5)", "format(1)", "count", "forceescape",
]
NUMBER_FILTERS = [
    "abs", "int", "float", "round", "round(1)", "round(1, 'ceil')", "round(0, 'floor')", "string", "tojson",
    "default(3)", "round(-1)", "e", "length",
]
LIST_FILTERS = [
    "length", "first", "last", "join", "join(', ')", "list", "reverse | list", "sort", "sort(reverse=true)",
    "sum", "min", "max", "tojson", "tojson(indent=2)", "unique | list", "map('string') | list", "map('upper') | join('-')",
    "select | list", "reject | list", "select('string') | list", "reject('none') | list", "select('odd') | list",
    "batch(2) | list", "batch(2, 'x') | list", "slice(2) | list", "slice(3, 0) | list", "string",
    "select('equalto', 1) | list", "select('in', [1, 'a']) | list", "sort(case_sensitive=true)", "map('int') | sum",
    "tojson(separators=(',', ':'))", "tojson(sort_keys=true)", "map('default', 5) | list", "select('gt', 1) | list",
]
M_FILTERS = [
    "map(attribute='role') | list", "selectattr('role', 'equalto', 'user') | list", "rejectattr('content') | list",
    "map(attribute='content') | join('|')", "sort(attribute='n') | map(attribute='n') | list", "sum(attribute='n')",
    "groupby('role') | list", "selectattr('n', 'gt', 1) | map(attribute='n') | list", "map(attribute='missing') | list",
    "map(attribute='missing', default='?') | list", "max(attribute='n')", "unique(attribute='role') | map(attribute='n') | list",
    "join(',', attribute='role')", "selectattr('n') | list | length", "map('length') | list",
    "sort(attribute='role,n') | map(attribute='n') | join", "groupby('role') | map(attribute='grouper') | list",
]
METHODS = [
    "strip()", "lstrip()", "rstrip()", "strip('Hd')", "split()", "split(',')", "split('l', 1)", "rsplit('o', 1)",
    "split(None, 1)", "rsplit(None, 1)", "splitlines()", "splitlines(true)", "upper()", "lower()", "title()", "capitalize()",
    "swapcase()", "startswith('H')", "endswith(('d', ' '))", "replace('o', '0')", "replace('o', '0', 1)", "find('o')",
    "rfind('o')", "find('o', 5)", "count('l')", "count('')", "index('o')", "partition('o')", "rpartition('o')",
    "isdigit()", "isalpha()", "isalnum()", "isspace()", "isupper()", "islower()", "istitle()", "isnumeric()",
    "zfill(14)", "ljust(14)", "rjust(14, '.')", "center(14, '*')", "removeprefix('He')", "removesuffix('ld')",
    "join(w)", "join(['a', 'b'])", "format(1)", "casefold()", "missing", "missing()", "isascii()", "encode",
    "find('l', -4)", "find('l', 1, 3)", "startswith('e', 1)",
]
TESTS = [
    "defined", "undefined", "none", "string", "number", "integer", "float", "boolean", "sequence", "iterable", "mapping",
    "true", "false", "odd", "even", "divisibleby(2)", "divisibleby 3", "in [1, 'x']", "eq 1", "equalto('a')", "ne 1",
    "gt 1", "lt(2)", "ge 1", "le 7", "sameas true", "sameas none", "lower", "upper", "callable", "escaped", "filter", "test",
]
OPERATORS = ["+", "-", "*", "/", "//", "%", "~", "==", "!=", "<", "<=", ">", ">=", "and", "or", "in", "not in"]
FORMATS = [
    "'%s' % {a}", "'%d' % {a}", "'%5.2f|' % {a}", "'%-6s|' % {a}", "'%r' % {a}", "'%x' % {a}", "'%05d' % {a}", "'%e' % {a}",
    "'%g' % {a}", "'%s-%s' % ({a}, {b})", "'%%' % ()", "'%(x)s' % d", "'{{}}'.format({a})", "'{{:>8}}|'.format({a})",
    "'{{0}}-{{1}}'.format({a}, {b})", "'{{:.2f}}'.format({a})", "'{{:,}}'.format({a})", "'{{k[0]}} {{x}}'.format(**d)",
    "'{{:05d}}'.format({a})", "'{{!r:^9}}'.format({a})", "'{{:+}}'.format({a})", "'{{:g}}'.format({a})", "'%+d % d' % ({a}, {b})",
    "'%c' % {a}", "'%i%%' % {a}", "'%.3s|' % {a}", "'%o %X' % ({a}, {b})", "'{{:x}} {{:b}}'.format({a}, {b})", "'{{:*^7}}'.format({a})",
    "'{{:e}}'.format({a})", "'{{:%}}'.format({a})", "'{{:_}}'.format({a})",
]


class Grammar:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, choices):
        return self.random.choice(choices)

    def one_in(self, n):
        return self.random.randrange(n) == 0

    def text(self, depth):
        if depth <= 0 or self.one_in(3):
            return self.pick(TEXTS)
        return self.pick([
            lambda: f"{self.text(depth - 1)} | {self.pick(TEXT_FILTERS)}",
            lambda: f"({self.text(depth - 1)}).{self.pick(METHODS)}",
            lambda: f"{self.pick(TEXTS)}[{self.slice(depth)}]",
            lambda: f"{self.text(depth - 1)} ~ {self.any(depth - 1)}",
            lambda: f"{self.text(depth - 1)} + {self.text(depth - 1)}",
            lambda: f"{self.pick(TEXTS)} * {self.pick(NUMBERS)}",
            lambda: self.pick(FORMATS).format(a=self.any(depth - 2), b=self.any(depth - 2)),
        ])()

    def slice(self, depth):
        part = lambda: self.pick(["", "0", "1", "2", "-1", "-2", "5", "n"])
        return self.pick([lambda: self.pick(["0", "-1", "1", "9", "b"]), lambda: f"{part()}:{part()}", lambda: f"{part()}:{part()}:{self.pick(['', '1', '-1', '2'])}"])()

    def number(self, depth):
        if depth <= 0 or self.one_in(3):
            return self.pick(NUMBERS)
        return self.pick([
            lambda: f"{self.number(depth - 1)} {self.pick(['+', '-', '*', '/', '//', '%'])} {self.number(depth - 1)}",
            lambda: f"({self.number(depth - 1)}) | {self.pick(NUMBER_FILTERS)}",
            lambda: f"-{self.number(depth - 1)}",
            lambda: f"{self.pick(NUMBERS)} ** {self.pick(['0', '1', '2', '-1', '3'])}",
            lambda: f"{self.list(depth - 1)} | length",
        ])()

    def list(self, depth):
        if depth <= 0 or self.one_in(3):
            return self.pick(LISTS)
        return self.pick([
            lambda: f"{self.pick(LISTS)} | {self.pick(LIST_FILTERS)}",
            lambda: f"m | {self.pick(M_FILTERS)}",
            lambda: f"{self.pick(LISTS)}[{self.slice(depth)}]",
            lambda: f"[{self.any(depth - 1)}, {self.any(depth - 1)}]",
            lambda: f"{self.list(depth - 1)} + {self.list(depth - 1)}",
            lambda: f"d.{self.pick(['items()', 'keys()', 'values()', 'items() | list', 'keys() | list'])}",
            lambda: f"d | {self.pick(['items | list', 'dictsort', 'dictsort(reverse=true)', 'list', 'length', 'tojson', 'dictsort(by=%s)' % repr('value')])}",
        ])()

    def any(self, depth):
        return self.pick([self.text, self.text, self.number, self.list, self.condition, lambda _: self.pick(ANY)])(depth)

    def condition(self, depth):
        if depth <= 0:
            return self.pick(["b", "z", "e", "no", "l", "missing", "n > 3", "'a' in w"])
        return self.pick([
            lambda: f"{self.any(depth - 1)} is {self.pick(['', 'not '])}{self.pick(TESTS)}",
            lambda: f"{self.any(depth - 1)} {self.pick(OPERATORS)} {self.any(depth - 1)}",
            lambda: f"not {self.any(depth - 1)}",
            lambda: f"({self.condition(depth - 1)} and {self.condition(depth - 1)})",
            lambda: f"{self.any(depth - 1)} if {self.condition(depth - 1)} else {self.any(depth - 1)}",
            lambda: f"{self.number(0)} < {self.number(0)} <= {self.number(0)}",
        ])()

    def tag(self, inner, block=True):
        left = self.pick(["", "", "-", "+" if block else "-"])
        right = self.pick(["", "", "-", "+" if block else "-"])
        return f"{{%{left} {inner} {right}%}}" if block else f"{{{{{left} {inner} {right}}}}}"

    def data(self):
        return self.pick(["", " ", "\n", "x", " a\n  ", "\n\n", "\t", "é.", "{# c #}", "{#- c -#}\n", "\n  {# c #}\n"])

    def body(self, depth):
        return "".join(self.data() + self.statement(depth) + self.data() for _ in range(self.random.randrange(1, 4)))

    def output(self, depth):
        return self.tag(self.any(depth), block=False)

    def statement(self, depth):
        if depth <= 0 or self.one_in(2):
            return self.output(2)
        return self.pick([self.choice, self.choice, self.loop, self.loop, self.set, self.macro, self.block, self.raw])(depth)

    def choice(self, depth):
        middle = self.tag(f"elif {self.condition(1)}") + self.body(depth - 1) if self.one_in(3) else ""
        otherwise = self.tag("else") + self.body(depth - 1) if self.one_in(2) else ""
        return self.tag(f"if {self.condition(2)}") + self.body(depth - 1) + middle + otherwise + self.tag("endif")

    def loop(self, depth):
        kind = self.random.randrange(5)
        if kind == 0:
            return self.tag("for k, v in d.items()") + "{{ k }}={{ v }}" + self.tag("endfor")
        if kind == 1:
            return self.tag("for x in m if x.role == 'user'") + "{{ loop.index }}{{ x.content }}" + self.loop_part() + self.tag("endfor")
        if kind == 2:
            return (self.tag("for x in [1, [2, [3]]] recursive") + "{{ x if x is number else loop(x) }}{{ loop.depth }}"
                    + self.tag("endfor"))
        otherwise = self.tag("else") + "none" if self.one_in(3) else ""
        inner = "{{ x }}" + self.loop_part() + (self.body(depth - 1) if self.one_in(2) else "")
        return self.tag(f"for x in {self.list(1)}") + inner + otherwise + self.tag("endfor")

    def loop_part(self):
        return self.pick([
            "", "{{ loop.index0 }}", "{{ loop.first }}{{ loop.last }}", "{% if loop.last %}!{% endif %}", "{{ loop.revindex }}",
            "{{ loop.previtem is defined }}", "{{ loop.nextitem }}", "{{ loop.length }}", "{{ loop.cycle('a', 'b') }}",
            "{% if loop.index > 1 %}{% break %}{% endif %}", "{% if x == 1 %}{% continue %}{% endif %}", "{{ loop.changed(x) }}",
            "{% set s = s ~ 'x' %}{{ s }}",
        ])

    def set(self, depth):
        return self.pick([
            lambda: self.tag(f"set v = {self.any(2)}") + "{{ v }}",
            lambda: self.tag("set p, q = 1, 'b'") + "{{ p }}{{ q }}",
            lambda: self.tag("set v") + self.body(depth - 1) + self.tag("endset") + "[{{ v }}]",
            lambda: self.tag("set v | upper | trim") + self.body(depth - 1) + self.tag("endset") + "[{{ v }}]",
            lambda: "{% set ns = namespace(i=0) %}{% for x in l %}{% set ns.i = ns.i + x %}{% endfor %}{{ ns.i }}",
        ])()

    def macro(self, depth):
        name = self.pick(["mac", "mac2"])
        call = self.pick([f"{name}()", f"{name}(1)", f"{name}(1, 2)", f"{name}(p=3)", f"{name}(1, q=s)", f"{name}(1, 2, 3)", f"{name}(*l)", f"{name}(r=1)"])
        extra = self.pick(["", "{{ varargs }}", "{{ kwargs }}", "{{ caller() }}"])
        definition = self.tag(f"macro {name}(p, q='d')") + "{{ p }}/{{ q }}" + extra + self.body(0) + self.tag("endmacro")
        use = self.tag(f"call {call}") + "C" + self.tag("endcall") if self.one_in(4) else self.tag(call, block=False)
        return definition + use

    def block(self, depth):
        return self.pick([
            lambda: self.tag(f"with v = {self.any(1)}, w2 = n") + "{{ v }}{{ w2 }}" + self.tag("endwith"),
            lambda: self.tag(f"filter {self.pick(['upper', 'trim', 'replace(%r, %r)' % ('a', 'b'), 'indent'])}") + self.body(depth - 1) + self.tag("endfilter"),
            lambda: self.tag("generation") + self.body(depth - 1) + self.tag("endgeneration"),
        ])()

    def raw(self, depth):
        return self.tag("raw") + self.pick(["{{ x }}", "{% if %}", "\n a {# #}\n", ""]) + self.tag("endraw")


def templates(seed, count):
    """The templates of a seed."""
    grammar = Grammar(seed)
    for _ in range(count):
        yield grammar.body(2) if grammar.one_in(2) else grammar.output(3)
