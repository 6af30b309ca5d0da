"""Free dimensions of documents with something wrong in them: mostly at the end, when all else has been read."""

from collections.abc import Callable
from typing import Any

from tests.cost.documents import OPS, chain, compact, document, leaf, many, nest, result
from tests.cost.sound import siblings


def ends_with(wrong: Callable[[int], str]) -> Callable[[int], bytes]:
    """Documents of a chain whose last row is wrong."""
    return lambda n: document([*chain(n), wrong(n + 1)], [n])


def all_rows(wrong: Callable[[int], str], **more: Any) -> Callable[[int], bytes]:
    """Documents with a leaf, and rows that are all wrong."""
    return lambda n: document([leaf(0), *[wrong(i) for i in range(1, n + 1)]], [0], **more)


def last_group(**facts: Any) -> Callable[[int], bytes]:
    """Documents with many groups, the last of which is wrong."""
    return lambda n: document([leaf(0)], groups=[*siblings(n), {"id": n, "name": "g", **facts}])


def tail(text: str | bytes) -> Callable[[int], bytes]:
    """Documents of a chain that end with this instead of the last brackets."""
    end = text.encode() if isinstance(text, str) else text
    return lambda n: document(chain(n), [n])[:-4] + end


def open_label(text: str) -> Callable[[int], bytes]:
    """Documents in which a label of these never ends."""
    return lambda n: document([leaf(0, "@")]).partition(b"@")[0] + text.encode() * n


def one_label(text: bytes) -> Callable[[int], bytes]:
    """Documents with a label of these bytes."""
    return lambda n: document([leaf(0, "@")]).replace(b"@", text * n)


BROKEN: dict[str, Callable[[int], bytes]] = {
    # The last row, by rule.
    "last row: id": ends_with(lambda i: leaf(i + 1)),
    "last row: id as a float": ends_with(lambda i: leaf(i, id=float(i))),
    "last row: operand ahead": ends_with(lambda i: result(i, "neg", [i])),
    "last row: op not declared": ends_with(lambda i: result(i, "novel", [0])),
    "last row: arity": ends_with(lambda i: result(i, "add", [0])),
    "last row: local": ends_with(lambda i: result(i, "neg", [0], local=[1.0, 2.0])),
    "last row: op without operands": ends_with(lambda i: leaf(i, op="neg")),
    "last row: params without op": ends_with(lambda i: leaf(i, params={"p": 1})),
    "last row: role of a result": ends_with(lambda i: result(i, "neg", [0], role="input")),
    "last row: unknown role": ends_with(lambda i: leaf(i, role="novel")),
    "last row: group": ends_with(lambda i: leaf(i, group=0)),
    "last row: unknown key": ends_with(lambda i: leaf(i, lable="x")),
    "last row: key missing": ends_with(lambda i: compact({"id": i, "data": 1.0})),
    "last row: a type": ends_with(lambda i: leaf(i, data="x")),
    "last row: no object": ends_with(lambda i: "7"),
    "last row: number too large": ends_with(lambda i: leaf(i).replace("1.0", "1e400")),
    "last row: param too large": ends_with(lambda i: result(i, "neg", [0], params={"p": 1}).replace(" 1}", " 1e400}")),
    "last row: key twice": ends_with(lambda i: leaf(i).replace('"data"', '"data": 1.0, "data"')),
    "last row: nothing": tail(",\n]\n}"),
    "last row: NaN": ends_with(lambda i: leaf(i).replace("1.0", "NaN")),
    # Every row, by rule.
    "every row: id": all_rows(lambda i: leaf(i + 1)),
    "every row: operand ahead": all_rows(lambda i: result(i, "neg", [i])),
    "every row: op not declared": all_rows(lambda i: result(i, f"novel{i}", [0])),
    "every row: unknown key": all_rows(lambda i: leaf(i, lable="x")),
    "every row: a type": all_rows(lambda i: leaf(i, data="x")),
    "every row: key twice": all_rows(lambda i: leaf(i).replace('"data"', '"data": 1.0, "data"')),
    "every row: number too large": all_rows(lambda i: leaf(i).replace("1.0", "1e400")),
    "every row: key missing, on one line": lambda n: all_rows(lambda i: compact({"id": i, "data": 1.0}))(n).replace(
        b"\n", b""
    ),
    "newer version, every row wrong": all_rows(lambda i: leaf(i, novel=1, label=3), version="1.7"),
    # One row or object with many wrong things in it.
    "one row: n operands of a wrong type": lambda n: document([leaf(0), leaf(1, op="cat", operands=["x"] * n)]),
    "one row: n operands ahead": lambda n: document([leaf(0), result(1, "cat", [9] * n)]),
    "one row: n unknown keys": lambda n: document([leaf(0, **many(n, "novel"))]),
    "one row: n params of a wrong type": lambda n: document(
        [leaf(0), result(1, "neg", [0], params=many(n, "p", None))]
    ),
    "one row: n params too large": lambda n: document(
        [leaf(0), result(1, "neg", [0], params={"p": ["@"] * n}).replace('"@"', "1e400")]
    ),
    "one row: last of n params": lambda n: document(
        [leaf(0), result(1, "neg", [0], params=many(n, "p") | {"q": None})]
    ),
    "one row: last of n operands": lambda n: document([leaf(0), leaf(1, op="cat", operands=[*[0] * n, "x"])]),
    "one row: n local of a wrong type": lambda n: document([leaf(0), result(1, "cat", [0], local=[None] * n)]),
    "one row: n keys twice": lambda n: document(
        [leaf(0), result(1, "neg", [0], params={"@": 1}).replace('"@": 1', ", ".join(['"p": 1'] * n))]
    ),
    "length of an unknown key": lambda n: document([leaf(0, **many(1, "k" * n))]),
    "length of a key like one of ours": lambda n: document([leaf(0, **many(1, "label" * n))]),
    "length of a wrong text": lambda n: document([leaf(0, data="x" * n)]),
    "length of a wrong list": lambda n: document([leaf(0, [1] * n)]),
    "length of a wrong role": lambda n: document([leaf(0, role="r" * n)]),
    "length of an undeclared op": lambda n: document([leaf(0), result(1, "o" * n, [0])]),
    "length of a repeated key": lambda n: document([leaf(0)], meta={"@": 1}).replace(
        b'"@": 1', b", ".join([b'"' + b"k" * n + b'": 1'] * 2)
    ),
    # The header.
    "last of n ops": lambda n: document([leaf(0)], ops={f"op{i}": OPS["add"] for i in range(n)} | {"z": {}}),
    "all of n ops": lambda n: document([leaf(0)], ops={f"op{i}": {"symbol": 1} for i in range(n)}),
    "last of n groups: id": last_group(id=0),
    "last of n groups: parent": last_group(parent=10**9),
    "last of n groups: a type": last_group(name=None),
    "all of n groups": lambda n: document([leaf(0)], groups=[{"id": 0} for _ in range(n)]),
    "last of n outputs": lambda n: document([leaf(0)], [*[0] * n, 1]),
    "all of n outputs": lambda n: document([leaf(0)], [1] * n),
    "last of n outputs: a type": lambda n: document([leaf(0)], [*[0] * n, "x"]),  # type: ignore[list-item]
    "last in meta: too large": lambda n: document([leaf(0)], meta={"k": [1] * n + ["@"]}).replace(b'"@"', b"1e400"),
    "all in meta: too large": lambda n: document([leaf(0)], meta={"k": ["@"] * n}).replace(b'"@"', b"1e400"),
    "last in meta: too deep": lambda n: document([leaf(0)], meta={"k": [1] * n + ["@"]}).replace(
        b'"@"', b"[" * 99 + b"]" * 99
    ),
    "last in meta: key twice": lambda n: document([leaf(0)], meta=many(n, "k") | {"@": 1}).replace(b'"@"', b'"k0"'),
    "meta wide, a row wrong": lambda n: document([leaf(0, grad="x")], meta=many(n, "k")),
    "meta wide, version wrong": lambda n: document([leaf(0)], meta=many(n, "k"), version="9.0"),
    "n unknown keys": lambda n: document([leaf(0)], **many(n, "novel")),
    "length of the version": lambda n: document([leaf(0)], version="1." + "0" * n),
    "length of the format": lambda n: document([leaf(0)]).replace(b'"gradgraph"', b'"' + b"g" * n + b'"'),
    "nodes twice": lambda n: document(chain(n)).replace(b'"outputs"', b'"nodes": [], "outputs"'),
    "groups in groups, a row wrong": lambda n: document([leaf(0, grad="x", group=0)], groups=nest(n)),
    # What is no JSON.
    "open string": open_label("x"),
    "open string of backslashes": open_label("\\"),
    "open string of escaped quotes": open_label('\\"'),
    "open strings": lambda n: document([leaf(0)]) + b'" ' * (2 * n + 1),
    "open brackets": lambda n: document([leaf(0)], meta={"k": "@"}).partition(b'"@"')[0] + b"[" * n,
    "open braces": lambda n: document([leaf(0)], meta={"k": "@"}).partition(b'"@"')[0] + b'{"a":' * n,
    "brackets only": lambda n: b"[" * n,
    "closing brackets": lambda n: document([leaf(0)]) + b"]" * n,
    "halves of pairs": one_label(rb"\ud800"),
    "half of a pair after pairs": lambda n: one_label(rb"\ud83d\ude00")(n).replace(b'", "data"', rb'\ud800", "data"'),
    "bytes that are not UTF-8": one_label(b"\xff"),
    "a byte that is not UTF-8, last": tail(b"\xff"),
    "a control character, last": tail("\x00"),
    "a wrong escape after n escapes": lambda n: one_label(rb"\u0041")(n).replace(b'", "data"', rb'\x", "data"'),
    "something behind the end": lambda n: document(chain(n), [n]) + b"x" * n,
    "cut off": tail(""),
    "cut off in spaces": lambda n: document([leaf(0)])[:-4] + b" " * n,
    "spaces only": lambda n: b" " * n,
    "line feeds before what is wrong": lambda n: b"\n" * n + document([leaf(0, grad="x")]),
    "digits of a number too large": lambda n: document([leaf(0).replace("1.0", "1" + "0" * n)]),
    "digits of an id": lambda n: document([leaf(0).replace('"id": 0', '"id": 1' + "0" * n)]),
    "digits of an exponent": lambda n: document([leaf(0).replace("1.0", "1e" + "9" * n)]),
    "numbers without end": lambda n: document([leaf(0).replace("1.0", "-" * n)]),
    "commas": lambda n: b"{" + b"," * n,
    "words": lambda n: b"{" + b"null " * n,
}
