"""Free dimensions of sound documents. Each function gives a document that grows in proportion to n along one of them.

Those that pair something long with many uses of it are there because a cost of their product is not linear.
"""

from collections.abc import Callable
from math import isqrt
from typing import Any

from tests.cost.documents import OPS, chain, compact, document, leaf, many, nest, result


def labelled(text: str, **facts: Any) -> bytes:
    """Two nodes, the first with this label."""
    return document([leaf(0, text, **facts), result(1, "neg", [0])], [1])


def reduced(n: int) -> bytes:
    """A binary tree of additions over n leaves."""
    rows = [leaf(i, f"x{i}") for i in range(n)]
    level = [*range(n)]
    while len(level) > 1:
        made = []
        for left, right in zip(level[::2], level[1::2], strict=False):
            made.append(len(rows))
            rows.append(result(len(rows), "add", [left, right]))
        level = made + level[len(made) * 2 :]
    return document(rows, level)


def dense(n: int) -> bytes:
    """Nodes that each use all earlier ones but the first, whose ids take Python no memory: n edges."""
    first, size = 257, max(2, isqrt(2 * n))
    rows = [leaf(i) for i in range(first + 1)]
    rows += [result(i, "cat", range(first, i)) for i in range(first + 1, first + size)]
    return document(rows, [len(rows) - 1])


def long_lived(n: int) -> bytes:
    """n leaves, the first of which is used last."""
    rows = [leaf(i, f"x{i}") for i in range(n)]
    for i in range(n - 1):
        rows.append(result(n + i, "add", [n + i - 1 if i else n - 1, n - 2 - i]))
    return document(rows, [len(rows) - 1])


def shared_weight(n: int) -> bytes:
    """A chain in which each node uses one weight."""
    rows = [leaf(0, "w"), leaf(1, "x")]
    return document(rows + [result(i, "mul", [0, i - 1], local=[1.0, 1.0]) for i in range(2, n + 2)], [n + 1])


def doubling(n: int) -> bytes:
    """A chain of v - v: twice as many ways to the end at each step."""
    return document([leaf(0), *[result(i, "sub", [i - 1, i - 1], local=[1.0, -1.0]) for i in range(1, n + 1)]], [n])


def fibonacci(n: int) -> bytes:
    """Each node adds the two before it."""
    return document([leaf(0), leaf(1), *[result(i, "add", [i - 1, i - 2]) for i in range(2, n + 2)]], [n + 1])


def unary(n: int, op: str, symbol: str, **facts: Any) -> bytes:
    """n nodes that one op made of one leaf."""
    rows = [leaf(0), *[result(i, op, [0], **facts) for i in range(1, n + 1)]]
    return document(rows, [n], ops={op: {"symbol": symbol, "arity": 1}})


def used_label(n: int, label: str) -> bytes:
    """A label that n/40 nodes have as an operand's."""
    return document([leaf(0, label), *[result(i, "add", [0, 0]) for i in range(1, n // 40 + 2)]], [1])


def in_groups(groups: list[dict[str, Any]], homes: list[int], **facts: Any) -> bytes:
    """A chain whose nodes are in these groups."""
    rows = [leaf(0, group=homes[0], **facts)]
    rows += [result(i, "neg", [i - 1], group=home, **facts) for i, home in enumerate(homes[1:], 1)]
    return document(rows, [len(rows) - 1], groups=groups)


def siblings(n: int, name: str = "g{}") -> list[dict[str, Any]]:
    """n groups side by side."""
    return [{"id": i, "name": name.format(i)} for i in range(n)]


def comb(n: int) -> bytes:
    """A chain that goes to and fro between two groups: folding them splits them n times."""
    return in_groups(siblings(2), [i % 2 for i in range(n + 1)])


def ladder(n: int) -> bytes:
    """A group in a group and so on, a chain that goes down them and up again."""
    return in_groups(nest(n), [*range(n), *reversed(range(n))])


def with_params(params: Any, count: int = 1) -> bytes:
    """Nodes with these params each."""
    return document([leaf(0), *[result(i, "neg", [i - 1], params=params) for i in range(1, count + 1)]], [count])


def with_free(data: Any, key: str = "meta") -> bytes:
    """One node, and free-form data."""
    return document([leaf(0)], **{key: data})


def nested_lists(n: int, depth: int = 50) -> list[Any]:
    """n / depth lists, each nested so deep."""
    found = []
    for _ in range(n // depth + 1):
        item: Any = 1
        for _ in range(depth):
            item = [item]
        found.append(item)
    return found


def spaced(n: int, colon: str = ":", comma: str = ",", start: str = "") -> bytes:
    """A document with other white space at its colons, at its commas, and at its start."""
    text = document(chain(n)).decode()
    return (start + text.replace(": ", colon).replace(", ", comma)).encode()


def newer(n: int) -> bytes:
    """A newer minor version with a key we do not know in each row."""
    return document([leaf(0), *[result(i, "neg", [i - 1], novel=[i]) for i in range(1, n + 1)]], [n], version="1.7")


SOUND: dict[str, Callable[[int], bytes]] = {
    # How nodes hang together.
    "chain": lambda n: document(chain(n), [n]),
    "chain, every number wrong": lambda n: document(
        [leaf(0, grad=2.0), *[result(i, "neg", [i - 1], data=7.0, grad=3.0, local=[5.0]) for i in range(1, n + 1)]], [n]
    ),
    "one value used by all": shared_weight,
    "one leaf under n results": lambda n: unary(n, "neg", "-"),
    "one op of n operands": lambda n: document([*[leaf(i) for i in range(n)], result(n, "cat", range(n))], [n]),
    "one operand n times": lambda n: document([leaf(0), result(1, "cat", [0] * n, local=[1.0] * n)], [1]),
    "v - v": doubling,
    "Fibonacci": fibonacci,
    "dense": dense,
    "binary tree": reduced,
    "long-lived values": long_lived,
    "leaves": lambda n: document([leaf(i) for i in range(n)]),
    "n outputs": lambda n: document(chain(n), range(n)),
    "one output n times": lambda n: document(chain(1), [0] * n),
    "numbers not finite": lambda n: document(
        [leaf(i, data="NaN", grad="Infinity") for i in range(n)] + [result(n, "cat", range(n), local=["NaN"] * n)], [n]
    ),
    "digits of a number": lambda n: document([leaf(0).replace("1.0", "1." + "0" * n)]),
    # Ops.
    "ops declared and used": lambda n: document(
        [leaf(0), *[result(i, f"op{i}", [i - 1]) for i in range(1, n + 1)]],
        [n],
        ops={f"op{i}": {"symbol": f"s{i}", "arity": 1} for i in range(1, n + 1)},
    ),
    "ops declared, not used": lambda n: document(
        [leaf(0)], ops={f"op{i}": {"symbol": "+", "arity": 1} for i in range(n)}
    ),
    "length of an op's name": lambda n: unary(3, "o" * n, ""),
    "length of a symbol, many uses": lambda n: unary(n // 40 + 1, "f", "s" * n),
    "braces of a symbol, many uses": lambda n: unary(n // 40 + 1, "f", "{a}" * n, params={"a": "{a}" * 9}),
    "open braces of a symbol": lambda n: unary(1, "f", "{" * n),
    # Labels.
    "length of a label": lambda n: labelled("x" * n),
    "wide letters of a label": lambda n: labelled("権" * n),
    "combining marks of a letter": lambda n: labelled("a" + "\u0301" * n),
    "joined emoji": lambda n: labelled("👩" + "\u200d👩" * n),
    "flags": lambda n: labelled("🇦" * n),
    "bidi controls": lambda n: labelled("\u202e" * n),
    "Persian with joiners": lambda n: labelled("می\u200cخواهم" * n),
    "Hangul jamo": lambda n: labelled("\u1100" * n),
    "backslashes": lambda n: labelled("\\" * n),
    "quotes and angles": lambda n: labelled("\"&<>'" * n),
    "marks of records": lambda n: labelled("|{}<>" * n),
    "line feeds of a label": lambda n: labelled("\n" * n),
    "spaces of a label": lambda n: labelled(" " * n + "x"),
    "a label like an expression": lambda n: labelled("a = b = " * n),
    "a label like keys": lambda n: labelled('": "' * n),
    "digits and dots of a label": lambda n: labelled("1.e" * n),
    "escapes of a label": lambda n: labelled("@").replace(b"@", rb"\u00e9" * n),
    "escaped pairs of a label": lambda n: labelled("@").replace(b"@", rb"\ud83d\ude00" * n),
    "one label for all": lambda n: document([leaf(i, "same") for i in range(n)], [n - 1]),
    "labels like ids": lambda n: document([leaf(i, f"n{n - i}") for i in range(n)], [n - 1]),
    "long label with many users": lambda n: used_label(n, "x" * n),
    "long wide label with many users": lambda n: used_label(n, "権" * n),
    # Groups.
    "groups side by side": lambda n: in_groups(siblings(n), [*range(n)]),
    "groups of one name": lambda n: in_groups(siblings(n, "same"), [*range(n)]),
    "empty groups": lambda n: in_groups(siblings(n), [0]),
    "groups in groups": lambda n: in_groups(nest(n), [*range(n)]),
    "groups in groups, one node": lambda n: in_groups(nest(n), [n - 1]),
    "groups in groups, down and up": ladder,
    "groups that split": comb,
    "length of a group's name, many nodes": lambda n: in_groups([{"id": 0, "name": "g" * n}], [0] * (n // 40 + 1)),
    "wide letters of a group's name, many nodes": lambda n: in_groups(
        [{"id": 0, "name": "権" * n}], [0] * (n // 40 + 1)
    ),
    "long name around groups in groups": lambda n: in_groups(
        [{"id": 0, "name": "g" * n}, *nest(n // 40 + 2)[1:]], [*range(n // 40 + 2)]
    ),
    "slashes of a group's name": lambda n: in_groups([{"id": 0, "name": "/" * n}, {"id": 1, "name": "a/" * n}], [0, 1]),
    # Params, local derivatives, free-form data.
    "params of one node": lambda n: with_params(many(n, "p")),
    "length of a param's list": lambda n: with_params({"p": [*range(n)]}),
    "length of a param's text": lambda n: with_params({"p": "x" * n}),
    "length of a param's name": lambda n: with_params({"p" * n: 1}),
    "params of each node": lambda n: with_params({"p": [1, "x", True], "q": 2.5}, n),
    "params not finite": lambda n: with_params({"p": ["NaN"] * n}),
    "digits of params": lambda n: with_params({"p": [10**300] * (n // 300 + 1)}),
    "width of meta": lambda n: with_free(many(n, "k")),
    "nesting in meta": lambda n: with_free({"deep": nested_lists(n)}),
    "length of a key in meta": lambda n: with_free({"k" * n: {"k" * n: 1}}),
    "length of a text in meta": lambda n: with_free({"k": '": "' * n}),
    "length of a list in ext": lambda n: with_free({"k": [None, True, 1.5, "x"] * n}, "ext"),
    "empty objects in ext": lambda n: with_free({"k": [{} for _ in range(n)]}, "ext"),
    # How a document is spelled.
    "spaces between tokens": lambda n: spaced(1, start=" " * n),
    "white space at colons": lambda n: spaced(n, colon=" \n :  "),
    "white space at commas": lambda n: spaced(n, comma=" \n ,  "),
    "spaces before a colon": lambda n: spaced(1, colon=" " * n + ":"),
    "all on one line": lambda n: document(chain(n), [n]).replace(b"\n", b""),
    "newer version, unknown keys": newer,
    "newer version, wide unknown key": lambda n: document([leaf(0)], version="1.7", novel=many(n, "k")),
    "newer version, n unknown keys": lambda n: document([leaf(0)], version="1.7", **many(n, "novel")),
    "header last": lambda n: (
        "{"
        + f'"nodes": [{", ".join(chain(n))}], "outputs": [0], "ops": {compact(OPS)}'
        + ', "version": "1.0", "format": "gradgraph"}'
    ).encode(),
}
