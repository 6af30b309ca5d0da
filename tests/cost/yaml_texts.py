"""Free dimensions of YAML, and of what is no YAML of ours."""

from collections.abc import Callable

from tests.cost.documents import chain, compact, document, leaf, result

HEAD = 'format: gradgraph\nversion: "1.0"\nops: {neg: {symbol: "-", arity: 1}}\noutputs: [0]\n'
NODES = "nodes:\n- {id: 0, data: 1.0, grad: null}\n"


def labelled(scalar: str) -> bytes:
    """A node whose label is this scalar."""
    return f"{HEAD}nodes:\n- id: 0\n  label: {scalar}\n  data: 1.0\n  grad: null\n".encode()


def with_meta(value: str) -> bytes:
    """A node, and this for meta."""
    return f"{HEAD}meta: {value}\n{NODES}".encode()


def block(n: int, last: str = "") -> bytes:
    """A chain in YAML's block form, a key a line."""
    rows = ["- id: 0\n  data: 1.0\n  grad: null\n"]
    for i in range(1, n + 1):
        rows.append(
            f"- id: {i}\n  label: node {i}\n  op: neg\n  operands:\n  - {i - 1}\n  data: -1.0e-07\n  grad: null\n"
        )
    return (HEAD + "nodes:\n" + "".join(rows) + last).encode()


def flow(n: int, last: str = "") -> bytes:
    """A chain as JSON, which is YAML."""
    return document([*chain(n), *([last] if last else [])], [n])


YAML: dict[str, Callable[[int], bytes]] = {
    "block rows": block,
    "JSON": flow,
    "plain label": lambda n: labelled("x" * n),
    "plain label of words": lambda n: labelled("word " * n),
    "plain label over lines": lambda n: labelled("word\n    " * n + "end"),
    "label in double quotes": lambda n: labelled('"' + "x" * n + '"'),
    "label of escapes": lambda n: labelled('"' + r"\x41\u00e9" * n + '"'),
    "label of doubled quotes": lambda n: labelled("'" + "''" * n + "'"),
    "folded label over lines": lambda n: labelled('"' + "word\n    " * n + '"'),
    "literal block": lambda n: labelled("|\n" + "    line\n" * n),
    "folded block": lambda n: labelled(">-\n" + "    line\n" * n),
    "wide letters": lambda n: labelled("権" * n),
    "comments": lambda n: (HEAD + "# comment\n" * n + NODES).encode(),
    "length of a comment": lambda n: f"{HEAD}# {'c' * n}\n{NODES}".encode(),
    "empty lines": lambda n: HEAD.encode() + b"\n" * n + NODES.encode(),
    "spaces": lambda n: with_meta(" " * n + "{}"),
    "different plain scalars": lambda n: with_meta("{a: [" + ", ".join(f"word{i}" for i in range(n)) + "]}"),
    "long plain scalars": lambda n: with_meta(
        "{a: [" + ", ".join([f"{'w' * 1000}{i}" for i in range(n // 1000 + 1)]) + "]}"
    ),
    "different plain keys": lambda n: with_meta("{" + ", ".join(f"key{i}: 1" for i in range(n)) + "}"),
    "keys with question marks": lambda n: with_meta("\n" + "".join(f"  ? key{i}\n  : 1\n" for i in range(n))),
    "length of a key": lambda n: with_meta(f"\n  ? {'k' * n}\n  : 1"),
    "numbers": lambda n: with_meta("{a: [" + "1.5, " * n + "1]}"),
    "flow nesting within the limit": lambda n: with_meta("{a: [" + ("[" * 40 + "]" * 40 + ", ") * n + "]}"),
    "block nesting within the limit": lambda n: with_meta("\n  a:\n" + ("  - " + "- " * 40 + "1\n") * n),
    "flow nesting": lambda n: with_meta("[" * n),
    "closed flow nesting": lambda n: with_meta("[" * n + "]" * n),
    "flow mappings in each other": lambda n: with_meta("{a: " * n),
    "block nesting on a line": lambda n: with_meta("\n  " + "- " * n),
    "block nesting of questions": lambda n: with_meta("\n  " + "? " * n),
    "closing brackets": lambda n: with_meta("{}" + "]" * n),
    "anchors": lambda n: with_meta("{a: [" + ", ".join(f"&a{i} x" for i in range(n)) + "]}"),
    "aliases, last": lambda n: block(n, "- *a\n"),
    "tag, last": lambda n: block(n, "- !!str x\n"),
    "tags of directives": lambda n: "".join(f"%TAG !t{i}! tag:x,2000:\n" for i in range(n)).encode() + b"--- {}\n",
    "documents": lambda n: block(1) + b"--- {}\n" * n,
    "second document, last": lambda n: block(n, "---\n{}\n"),
    "key twice, last": lambda n: block(n, "  grad: null\n"),
    "type, last": lambda n: block(n, f"- id: {n + 1}\n  data: x\n  grad: null\n"),
    "type, everywhere": lambda n: (HEAD + "nodes:\n" + "- {id: 0, data: x, grad: null}\n" * n).encode(),
    "rule, last": lambda n: block(n, f"- id: {n + 7}\n  data: 1.0\n  grad: null\n"),
    "rule, last, JSON": lambda n: flow(n, leaf(n + 7)),
    "rule, everywhere": lambda n: document([result(i, "neg", [i]) for i in range(n)]),
    "ambiguous scalar, last": lambda n: block(n, "- yes\n"),
    "ambiguous scalar after wide letters": lambda n: with_meta(f"{{a: {'権' * n}, b: yes}}"),
    "control character, last": lambda n: block(n, "- \x01\n"),
    "tab, last": lambda n: block(n, "\t- x\n"),
    "open double quotes": lambda n: labelled('"' + "x" * n),
    "open double quotes of escapes": lambda n: labelled('"' + "\\\\" * n),
    "open single quotes": lambda n: labelled("'" + "x" * n),
    "open flow": lambda n: with_meta("[" + "1, " * n),
    "commas": lambda n: with_meta("[" + "," * n + "]"),
    "colons": lambda n: with_meta("{a" + ": " * n + "}"),
    "unknown key's length": lambda n: f"{HEAD}{NODES}? {'k' * n}\n: 1\n".encode(),
    "bytes that are not UTF-8": lambda n: labelled("x" * n).replace(b"xx", b"\xff\xff"),
    "deep path of a problem": lambda n: with_meta(
        compact({"k": [1] * n}) + "\next: {a: " + "[" * 50 + "1e400" + "]" * 50 + "}"
    ),
}
