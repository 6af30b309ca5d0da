"""Free dimensions of DOT: of drawings that carry a document, and of files that anyone wrote."""

from collections.abc import Callable

from gradgraph import loads, render
from tests.cost.documents import chain, document
from tests.cost.sound import SOUND


def drawing(data: bytes) -> bytes:
    """The DOT drawing of a document."""
    return str(render(loads(data), "dot")).encode()


SMALL = drawing(document(chain(2), [2]))


def inside(text: str) -> bytes:
    """A small drawing of ours with this at the end of its body."""
    return SMALL.rstrip()[:-1] + text.encode() + b"\n}\n"


def of(name: str) -> Callable[[int], bytes]:
    """Drawings of documents that grow in one of their dimensions."""
    return lambda n: drawing(SOUND[name](n))


DOT: dict[str, Callable[[int], bytes]] = {
    "chain": of("chain"),
    "one op of n operands": of("one op of n operands"),
    "length of a label": of("length of a label"),
    "backslashes": of("backslashes"),
    "marks of records": of("marks of records"),
    "groups side by side": of("groups side by side"),
    "groups in groups": of("groups in groups"),
    "width of meta": of("width of meta"),
    "params of each node": of("params of each node"),
    "open braces": lambda n: b"graph " + b"{" * n,
    "braces in braces": lambda n: b"graph " + b"{" * n + b"}" * n,
    "subgraphs in subgraphs": lambda n: inside("subgraph {" * n + "}" * n),
    "braces side by side": lambda n: inside("{}" * n),
    "subgraphs side by side": lambda n: inside("".join(f"subgraph s{i} {{ a{i} }}\n" for i in range(n))),
    "subgraphs as ends of edges": lambda n: inside("{a b} -> " * n + "c"),
    "closing braces": lambda n: inside("}" * n),
    "concatenation": lambda n: inside("x [k=" + " + ".join(['"a"'] * n) + "]"),
    "concatenation without end": lambda n: inside("x [k=" + '"a" + ' * n),
    "attributes": lambda n: inside("x [" + ", ".join(f"a{i}={i}" for i in range(n)) + "]"),
    "attribute lists": lambda n: inside("x " + "[a=1]" * n),
    "open attribute lists": lambda n: inside("x " + "[a=1" * n),
    "open brackets": lambda n: inside("x " + "[" * n),
    "statements": lambda n: inside("a;\n" * n),
    "semicolons": lambda n: inside(";" * n),
    "nodes": lambda n: inside("".join(f"a{i}\n" for i in range(n))),
    "edges of a chain": lambda n: inside("a" + " -> a" * n),
    "edges": lambda n: inside("".join(f"a{i} -> b{i}\n" for i in range(n))),
    "edges twice": lambda n: inside("n0 -> n1op\n" * n),
    "arrows": lambda n: inside("a" + " -> " * n),
    "ports": lambda n: inside("a" + ":p" * n),
    "defaults": lambda n: inside('node [label="x"]\n' * n),
    "assignments": lambda n: inside("".join(f"a{i}=b\n" for i in range(n))),
    "comments": lambda n: inside("/* c */\n" * n),
    "line comments": lambda n: inside("// c\n" * n),
    "lines of the preprocessor": lambda n: inside("\n# c" * n),
    "length of a comment": lambda n: inside("/*" + "*" * n + "/"),
    "open comment": lambda n: inside("/*" + " *" * n),
    "open comments": lambda n: inside("/* " * n),
    "slashes": lambda n: inside("/ " * n),
    "length of a name": lambda n: inside("x" * n),
    "length of a quoted name": lambda n: inside('"' + "x" * n + '"'),
    "escapes of a quoted name": lambda n: inside('"' + r"\"\\" * n + '"'),
    "continued lines": lambda n: inside('"' + "\\\n" * n + '"'),
    "open string": lambda n: inside('"' + "x" * n),
    "open string of escapes": lambda n: inside('"' + '\\"' * n),
    "open strings": lambda n: inside('" ' * (2 * n + 1)),
    "HTML": lambda n: inside("x [label=<" + "<b>x</b>" * n + ">]"),
    "HTML in HTML": lambda n: inside("x [label=" + "<" * n + ">" * n + "]"),
    "open HTML": lambda n: inside("x [label=" + "<" * n),
    "digits": lambda n: inside("1" * n + "." + "1" * n),
    "points": lambda n: inside("." * n),
    "minuses": lambda n: inside("-" * n),
    "white space": lambda n: inside(" \n" * n),
    "wide letters": lambda n: inside("権" * n),
    "bytes that are not UTF-8": lambda n: inside("x" * n).replace(b"xx", b"\xff\xff"),
    "another's drawing": lambda n: ("digraph {" + "".join(f"a{i} -> a{i + 1};" for i in range(n)) + "}").encode(),
    "words without structure": lambda n: b"digraph " * n,
    "rows with nothing": lambda n: inside("".join(f"n{i} [data=1]\n" for i in range(3, n + 3))),
    "rows from afar": lambda n: inside("".join(f"n{10**9 + i} [data=1]\n" for i in range(n))),
    "one row n times": lambda n: inside('n0 [data="1"]\n' * n),
    "operands that are not drawn": lambda n: inside('n3 [data=1, op=neg, operands="' + "0 " * n + '"]'),
    "facts that are no numbers": lambda n: inside('n3 [data="' + "x" * n + '"]'),
    "header without end": lambda n: inside('graph [gradgraph="' + "{" * n + '"]'),
}
