"""Engines of one pattern, the well-known one, written in as many ways as people choose.

An engine is a line of `ENGINES`: what it does otherwise than the usual. All of them run, and learn.
"""

from collections.abc import Mapping

BINARY = {
    "__add__": ("+", "add", "{a} + {b}", "{g}", "{g}"),
    "__sub__": ("-", "sub", "{a} - {b}", "{g}", "-{g}"),
    "__mul__": ("*", "mul", "{a} * {b}", "{b} * {g}", "{a} * {g}"),
    "__truediv__": ("/", "div", "{a} / {b}", "{g} / {b}", "-{g} * {a} / {b} ** 2"),
}
"""Method → symbol, word, result, and what reaches each operand."""

WORDS = ("add", "sub", "mul", "div", "pow", "neg", "tanh", "relu")

UNARY = {
    "tanh": ("tanh", "tanh", "math.tanh({a})", "(1 - {out} ** 2) * {g}"),
    "relu": ("ReLU", "relu", "max({a}, 0.0)", "float({out} > 0) * {g}"),
    "__neg__": ("neg", "neg", "-{a}", "-{g}"),
}

USUAL: Mapping[str, str] = {
    "data": "data",
    "grad": "grad",
    "prev": "_prev",
    "op": "_op",
    "label": "label",
    "backward": "_backward",
    "container": "set({})",
    "number": "{}",
    "spelling": "symbol",  # or word, capital, class, enum, function, none
    "style": "def",  # or lambda, defaults, partial, outside, table: nothing that a reader knows
    "constants": "wrapped",  # or dropped, or local: wrapped under another name
    "class": "plain",  # or slots, dataclass, subclass, property
    "freed": "",
}

ENGINES: dict[str, dict[str, str]] = {
    "the usual": {},
    "frozenset": {"container": "frozenset({})"},
    "tuple": {"container": "{}"},
    "list": {"container": "list({})", "prev": "children"},
    "reversed tuple": {"container": "{}[::-1]", "prev": "_parents"},
    "dict keys": {"container": "dict.fromkeys({})", "prev": "parents"},
    "lambdas": {"style": "lambda", "prev": "prev", "op": "op"},
    "lambdas and a list": {"style": "lambda", "container": "list({})", "prev": "_children", "data": "value"},
    "default arguments": {"style": "defaults"},
    "partial": {"style": "partial", "prev": "kids", "backward": "backward_fn"},
    "functions outside": {"style": "outside", "prev": "creators", "op": "creation_op", "backward": "grad_fn"},
    "functions outside, tuple": {"style": "outside", "container": "{}", "spelling": "word"},
    "table of rules, set": {"style": "table"},
    "table of rules, tuple": {"style": "table", "container": "{}", "prev": "parents", "grad": "gradient"},
    "table of rules, reversed": {"style": "table", "container": "{}[::-1]"},
    "table of rules, float32": {"style": "table", "container": "{}", "number": "np.float32({})"},
    "table of rules, no op": {"style": "table", "container": "{}", "spelling": "none", "prev": "inputs"},
    "words": {"spelling": "word", "op": "op_name"},
    "capitals": {"spelling": "capital", "op": "operation"},
    "classes as ops": {"spelling": "class", "op": "op"},
    "enum": {"spelling": "enum", "op": "op", "container": "{}"},
    "functions as ops": {"spelling": "function", "op": "_op"},
    "no op": {"spelling": "none"},
    "no op, tuple, lambdas": {"spelling": "none", "style": "lambda", "container": "{}"},
    "closure only": {"prev": "", "op": ""},
    "closure only, outside": {"prev": "", "style": "outside"},
    "float32": {"number": "np.float32({})"},
    "float32 in plain floats": {"number": "single({})", "container": "{}"},
    "float32 in sets, rounded": {"number": "single({})"},
    "numpy arrays of one": {"number": "np.array({}, dtype=float)"},
    "numpy float64": {"number": "np.float64({})", "grad": "_grad"},
    "constants dropped": {"constants": "dropped"},
    "constants dropped, tuple": {"constants": "dropped", "container": "{}"},
    "constants dropped, table": {"constants": "dropped", "style": "table", "container": "{}"},
    "constants dropped, set, table": {"constants": "dropped", "style": "table"},
    "wrapped under another name": {"constants": "local"},
    "label _label": {"label": "_label", "data": "val", "grad": "derivative"},
    "label mark": {"label": "mark", "container": "{}"},
    "label var_name": {"label": "var_name", "grad": "adjoint"},
    "label name": {"label": "name", "op": "op"},
    "slots": {"class": "slots"},
    "slots, lambdas": {"class": "slots", "style": "lambda", "container": "{}"},
    "dataclass": {"class": "dataclass", "container": "list({})"},
    "subclass": {"class": "subclass"},
    "properties": {"class": "property", "data": "data"},
    "an == of its own": {"class": "equal", "container": "list({})", "constants": "local"},
    "an == of its own, no op": {"class": "equal", "container": "{}", "style": "table", "spelling": "none"},
    "name is the op": {"op": "name", "spelling": "word", "container": "{}"},
    "freed children": {"freed": "v.{prev} = set()"},
    "freed closures": {"freed": "v.{backward} = None; v.{prev} = ()"},
    "freed, op too": {"freed": "v.{prev} = (); v.{op} = ''; v.{backward} = None", "container": "{}"},
}


def source(choices: Mapping[str, str]) -> str:
    """Return the module of an engine."""
    usual = {**USUAL, **choices}
    name = "Value"
    data, grad, prev, op, label, backward = (
        usual[each] for each in ("data", "grad", "prev", "op", "label", "backward")
    )
    attribute = f"_{data}_" if usual["class"] == "property" else data
    fields = [attribute, grad, *([prev] if prev else []), *([op] if op else []), backward, label]
    children = "self." + prev if prev else "self.operands_()"
    lines = [
        "import enum, functools, math, struct",
        "import numpy as np",
        "from dataclasses import dataclass, field",
        "def single(x): return struct.unpack('f', struct.pack('f', x))[0]",
        "Op = enum.Enum('Op', 'ADD SUB MUL DIV POW NEG TANH RELU')",
        *[f"class {word.title()}: pass" for word in WORDS],
        *[f"def {word}(*operands): pass" for word in WORDS],
    ]
    if usual["class"] == "dataclass":
        lines += ["@dataclass(eq=False)", f"class {name}:", f"    {data}: float"]
        lines += [f"    {prev}: list = field(default_factory=list)", f"    {op}: str = ''"]
        lines += [f"    {label}: str = ''", f"    {backward}: object = None", f"    {grad}: float = 0.0"]
    else:
        lines += [f"class {name}:"]
        if usual["class"] == "slots":
            lines += [f"    __slots__ = {tuple(fields)!r}"]
        lines += [f"    def __init__(self, number, children=(), op=None, {label}=''):"]
        lines += [f"        self.{attribute} = {usual['number'].format('number')}", f"        self.{grad} = 0.0"]
        lines += [f"        self.{prev} = {usual['container'].format('tuple(children)')}"] if prev else []
        lines += [f"        self.{op} = op"] if op else []
        lines += [f"        self.{backward} = None", f"        self.{label} = {label}"]
    if usual["class"] == "equal":
        lines += [f"    def __eq__(self, other): return self.{data} == other.{data}", "    __hash__ = object.__hash__"]
    if usual["class"] == "property":
        lines += ["    @property", f"    def {data}(self): return self.{attribute}", f"    @{data}.setter"]
        lines += [f"    def {data}(self, number): self.{attribute} = number"]
    lines += [f"    def receive(self, g): self.{grad} = self.{grad} + float(g)"]
    if not prev:
        lines += ["    def operands_(self):", f"        made = self.{backward}"]
        lines += [f"        return [c.cell_contents for c in (made.__closure__ or ())] if made else []"]  # noqa: F541
    lines += _methods(usual)
    lines += [
        "    def backward(self):",
        "        order, met, stack = [], set(), [(self, False)]",
        "        while stack:",
        "            v, done = stack.pop()",
        "            if done: order.append(v)",
        "            elif id(v) not in met:",
        "                met.add(id(v)); stack.append((v, True))",
        f"                stack.extend((c, False) for c in {children.replace('self', 'v')} if isinstance(c, {name}))",
        f"        self.{grad} = 1.0",
        "        for v in reversed(order):",
        f"            if v.{backward}: v.{backward}()",
        *(f"            for operand, slope in getattr(v, 'flow', ()): operand.receive(slope * v.{grad})".splitlines()),
    ]
    if usual["freed"]:
        lines += ["        for v in order:", f"            {usual['freed'].format_map(usual)}"]
    if usual["class"] == "subclass":
        lines += [f"class Parameter({name}): pass"]
    return "\n".join([*lines, *_outside(usual)]) + "\n"


def _spelled(symbol: str, word: str, how: str) -> str:
    spellings = {"symbol": symbol, "word": word, "capital": word.upper()}
    if how in spellings:
        return repr(spellings[how])
    return {"class": f"{word.title()}()", "enum": f"Op.{word.upper()}", "function": word, "none": "None"}[how]


def _methods(usual: Mapping[str, str]) -> list[str]:
    lines: list[str] = []
    data = usual["data"]
    for method, (symbol, word, forward, left, right) in BINARY.items():
        if usual["style"] == "outside":
            lines += [f"    def {method}(self, other): return {word}_of(self, other)"]
        else:
            lines += _binary(method, symbol, word, (forward, left, right), usual)
        reflected = method.replace("__", "__r", 1)
        if word in ("add", "mul"):
            lines += [f"    {reflected} = {method}"]
        elif usual["style"] == "outside" or usual["constants"] != "dropped":
            lines += [f"    def {reflected}(self, other): return Value(other) {symbol} self"]
        else:
            lines += _binary(reflected, symbol, word, (forward, left, right), usual)
    rest: dict[str, tuple[str, str, str, str, str]] = {
        **{method: ("", *facts) for method, facts in UNARY.items()},
        "__pow__": (", n", "**", "pow", "{a} ** n", "n * {a} ** (n - 1) * {g}"),
    }
    for method, (parameter, symbol, word, forward, slope) in rest.items():
        spelled = _spelled(symbol, word, usual["spelling"])
        if word == "pow" and usual["spelling"] == "symbol":
            spelled = "f'**{n}'"
        result = forward.format(a=f"self.{data}")
        lines += [f"    def {method}(self{parameter}):", f"        out = Value({result}, (self,), {spelled})"]
        lines += _closure(word, {"self": slope}, usual, parameter.strip(", "))
        lines += ["        return out"]
    return lines


def _binary(method: str, symbol: str, word: str, rules: tuple[str, str, str], usual: Mapping[str, str]) -> list[str]:
    forward, left, right = rules
    data, spelled = usual["data"], _spelled(symbol, word, usual["spelling"])
    reflected = method.startswith("__r")
    lines = [f"    def {method}(self, other):"]
    other = "other"
    if usual["constants"] == "wrapped":
        lines += ["        other = other if isinstance(other, Value) else Value(other)"]
    elif usual["constants"] == "local":
        other = "wrapped"
        lines += ["        wrapped = other if isinstance(other, Value) else Value(other)"]
    names = (
        {"a": f"{other}.{data}", "b": f"self.{data}"} if reflected else {"a": f"self.{data}", "b": f"{other}.{data}"}
    )
    body = [f"        out = Value({forward.format(**names)}, (self, {other}), {spelled})"]
    slopes = {"self": right, other: left} if reflected else {"self": left, other: right}
    body += _closure(word, slopes, usual, "", names)
    if usual["constants"] == "dropped":
        plain = {place: name.replace(f"other.{data}", "other") for place, name in names.items()}
        lines += ["        if isinstance(other, Value):", *[f"    {line}" for line in body], "        else:"]
        lines += [f"            out = Value({forward.format(**plain)}, (self,), {spelled})"]
        lines += [f"    {line}" for line in _closure(word, {"self": slopes["self"]}, usual, "", plain)]
    else:
        lines += body
    return [*lines, "        return out"]


def _closure(
    word: str, slopes: Mapping[str, str], usual: Mapping[str, str], number: str, names: Mapping[str, str] | None = None
) -> list[str]:
    """Return the lines that say what reaches each operand."""
    grad, backward, data = usual["grad"], usual["backward"], usual["data"]
    style = usual["style"]
    facts = {
        "a": f"self.{data}",
        **(names or {}),
        "out": f"out.{data}",
        "g": "1.0" if style == "table" else f"out.{grad}",
    }
    flow = {operand: slope.format(**facts) for operand, slope in slopes.items()}
    if style == "table":
        return [f"        out.flow = [{', '.join(f'({operand}, {slope})' for operand, slope in flow.items())}]"]
    calls = [f"{operand}.receive({slope})" for operand, slope in flow.items()]
    if style == "lambda":
        return [f"        out.{backward} = lambda: ({', '.join(calls)})"]
    name, parameters, made = "_backward", "", "_backward"
    kept = [*slopes, *([number] if number else []), "out"]
    if style == "partial":
        name, parameters = f"{word}_backward", ", ".join(kept)
        made = f"functools.partial({name}, {parameters})"
    elif style == "defaults":
        parameters = ", ".join(f"{each}={each}" for each in kept)
    return [
        f"        def {name}({parameters}):",
        *[f"            {call}" for call in calls],
        f"        out.{backward} = {made}",
    ]


def _outside(usual: Mapping[str, str]) -> list[str]:
    """Return the functions of an engine that has them outside its class."""
    lines: list[str] = []
    if usual["style"] == "outside":
        for symbol, word, forward, left, right in BINARY.values():
            spelled = _spelled(symbol, word, usual["spelling"])
            names = {"a": f"x.{usual['data']}", "b": f"y.{usual['data']}"}
            lines += [f"def {word}_of(x, y):", "    y = y if isinstance(y, Value) else Value(y)"]
            lines += [f"    out = Value({forward.format(**names)}, (x, y), {spelled})"]
            lines += [line[4:] for line in _closure(word, {"x": left, "y": right}, usual, "", names)]
            lines += ["    return out"]
    return lines
