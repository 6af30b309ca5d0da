"""Hypothesis strategies: expressions of live Values, graphs of any shape, and nasty labels."""

import math
import random

from hypothesis import strategies as st

from gradgraph import Graph, Group, Node, OpDeclaration, Value
from gradgraph.engine.ops import PRIMITIVES
from gradgraph.engine.value import apply

NASTY_LABELS = (
    "",
    " ",
    "  two  spaces  ",
    "a|b",
    "{a}",
    "<f0>",
    "<b>bold</b>",
    'say "hi"',
    "back\\slash",
    "trailing\\",
    "\\N",
    "\\G",
    "\\l\\r\\n",
    "&lt;&amp;&#65;",
    "new\nline",
    "tab\tcarriage\r",
    "nul\0",
    "\x1b[31mred",
    "\u202eright to left\u202c",
    "zero\u200bwidth\ufeff",
    "\u3164\u115f",
    "\u2028line\u2029paragraph",
    "\ufffe\uffff",
    "权重矩阵",
    "עברית",
    "e\u0301",
    "👩‍👩‍👧‍👦",
    "می\u200cخواهم",
    "క్\u200cష ශ්\u200dරී",
    "a\u200cb\u200d\u200dc",
    "🙂\u200d🙂\u200d",
    "end",
    "n7",
    "#35;",
    "fa:fa-car",
    "`code`",
    "]]>",
    "<!--",
    "</style><script>alert(1)</script>",
    "javascript:alert(1)",
    "x = a * b",
    "= a * b",
    "%s",
    "{exponent}",
)


_MARKUP = (
    "<script>pwned=1</script>",
    "<img src=x onerror=pwned=1>",
    "javascript:pwned=1",
    '" onload="pwned=1',
    "http://127.0.0.1:9/x.png",
    "&amp;",
    "&#x41;",
    "]]>",
    "<!--",
    "url(http://127.0.0.1:9/)",
)
_LETTERS = ("αβγ∂Σ", "权重矩阵", "שלום", "مرحبا", "กำลัง", "हिन्दी", "e\u0301\u0308", "🙂👩‍🚀🏳️‍🌈", "\u202e\u2066", "  ")


def many_labels(count: int, seed: int = 7) -> list[str]:
    """So many different labels, always the same: the nasty ones, and made-up ones of any characters and of markup."""
    rng = random.Random(seed)  # noqa: S311
    found = dict.fromkeys(NASTY_LABELS)
    while len(found) < count:
        parts = []
        for _ in range(rng.randint(1, 6)):
            kind = rng.randrange(5)
            if kind == 0:
                parts.append(rng.choice(_MARKUP))
            elif kind == 1:
                parts.append(rng.choice(_LETTERS))
            elif kind == 2:
                parts.append(chr(rng.choice([rng.randrange(0xD800), rng.randrange(0xE000, 0x110000)])))
            else:
                parts.append("".join(chr(rng.randrange(32, 127)) for _ in range(rng.randint(1, 8))))
        found["".join(parts)] = None
    return [*found][:count]


text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
labels = st.one_of(st.sampled_from(NASTY_LABELS), text)
small_floats = st.floats(-3, 3)
any_float = st.floats(allow_nan=True, allow_infinity=True)

UNARY = [op for op in PRIMITIVES.values() if op.arity == 1 and not op.params]
BINARY = [op for op in PRIMITIVES.values() if op.arity == 2 and not op.params]
WITH_PARAMS = [op for op in PRIMITIVES.values() if op.params]


@st.composite
def live_values(draw, leaves=small_floats, most: int = 30) -> list[Value]:
    """Values made by random primitives of earlier ones, the last of which is the output."""
    values = [Value(draw(leaves), label=draw(labels)) for _ in range(draw(st.integers(1, 4)))]
    for _ in range(draw(st.integers(0, most))):
        kind = draw(st.sampled_from((BINARY, BINARY, UNARY, WITH_PARAMS)))
        op = draw(st.sampled_from(kind))
        operands = tuple([draw(st.sampled_from(values)) for _ in range(op.arity)])
        made = apply(op, operands, {name: draw(st.sampled_from((2.0, 3.0, 0.0, -1.0, 0.5))) for name in op.params})
        made.label = draw(labels)
        values.append(made)
    return values


looks_like_a_number = st.builds(
    lambda slashes, word: "\\" * slashes + word, st.integers(0, 3), st.sampled_from(("NaN", "Infinity", "-Infinity"))
)
scalars = st.one_of(any_float, st.integers(), st.booleans(), text, looks_like_a_number)
params = st.dictionaries(text, scalars | st.lists(scalars, max_size=3).map(tuple), max_size=2)


@st.composite
def graphs(draw, most: int = 25, numbers=any_float) -> Graph:
    """Sound graphs of any shape: unknown and n-ary ops, repeats, several outputs, nested groups, gaps in gradients."""
    groups = []
    for index in range(draw(st.integers(0, 3))):
        parent = draw(st.none() | st.integers(0, index - 1)) if index else None
        groups.append(Group(index, draw(labels), parent))
    arities = {"add": 2, "mul": 2, "tanh": 1, "conv": None, "fancy op": 3}
    symbols = {"add": "+", "mul": "*", "tanh": "tanh", "conv": draw(labels), "fancy op": "f{a}"}
    nodes: list[Node] = []
    for index in range(draw(st.integers(1, most))):
        facts = {
            "id": index,
            "data": draw(numbers),
            "grad": draw(st.none() | numbers),
            "label": draw(labels),
            "group": draw(st.none() | st.integers(0, len(groups) - 1)) if groups else None,
        }
        if index and draw(st.integers(0, 3)):
            op = draw(st.sampled_from(sorted(arities)))
            arity = arities[op] or draw(st.integers(1, 5))
            operands = tuple(draw(st.lists(st.integers(0, index - 1), min_size=arity, max_size=arity)))
            local = tuple(draw(numbers) for _ in operands) if draw(st.booleans()) else ()
            facts |= {"op": op, "operands": operands, "local": local, "params": draw(params)}
        else:
            facts["role"] = draw(st.sampled_from((None, "input", "parameter", "constant")))
        nodes.append(Node(**facts))
    outputs = draw(st.lists(st.integers(0, len(nodes) - 1), min_size=1, max_size=3, unique=True))
    used = sorted({node.op for node in nodes if node.op})
    return Graph(
        tuple(nodes),
        tuple(outputs),
        {op: OpDeclaration(symbols[op], arities[op]) for op in used},
        tuple(groups),
        meta=draw(st.dictionaries(text, st.integers() | text, max_size=2)),
        ext=draw(st.sampled_from(({}, {}, {}, {"gradgraph": {"texts": "escaped"}}, {"gradgraph": 1, "other": [True]}))),
    )


def is_smooth(value: Value) -> bool:
    """Whether central differences can judge this value: finite, and of a size that leaves them digits."""
    return math.isfinite(value.data) and abs(value.data) < 1e3
