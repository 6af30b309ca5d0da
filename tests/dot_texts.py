"""Random DOT texts, sound and not."""

import random

FACTS = (b"data", b"op")
"""The attributes that are compared."""

_NAMES = ("a", "b", "n0", "n1op", "é", "_x9", "-1", ".5", "2.", '"a"', '"b c"', '"a" + "b"', '"x\\\ny"', '"q\\"\\\\"')
_VALUES = ("1", '"2"', '""', '"a" + "b"', '"\\\\N\\""', '"two\nlines"', "x", "<i<b>>", '"/* no */"', '"# no"', '"//"')
_KEYS = ("data", "op", "key", "x", '"da" + "ta"')
_SPACES = (" ", " ", "\n", "\t", "/* c } */", "// c }\n", "\n# line\n", "/***/", " \r\n")
_PARTS = ("", "subgraph", "subgraph s", "subgraph cluster_0", "subgraph cluster_1", "SubGraph t")


def random_text(rng: random.Random) -> str:
    """A small text that pydot reads too: nodes, attributes, chains of edges, subgraphs as statements."""
    names = [*"abcdef"]
    lines = []
    for _ in range(rng.randint(1, 6)):
        kind = rng.randrange(4)
        if kind == 0:
            lines.append(f'{rng.choice(names)} [data="{rng.randrange(9)}"];')
        elif kind == 1:
            lines.append(" -> ".join(rng.choices(names, k=rng.randint(2, 4))) + ";")
        elif kind == 2:
            lines.append(f"subgraph cluster_{rng.randrange(3)} {{ {rng.choice(names)}; {rng.choice(names)} }}")
        else:
            lines.append(rng.choice(('node [op="+"];', "/* x -> y */", "// z", 'edge [label="e"];')))
    return "digraph g {\n" + "\n".join(lines) + "\n}\n"


def random_dot(rng: random.Random) -> str:
    """A small text of any statements, now and then with something wrong in it."""
    strict = rng.choice(("", "", "", "strict ", "STRICT\n"))
    body = _statements(rng, 3)
    if strict:
        body = body.replace("key", "kee")  # which we refuse there
    text = f"{strict}digraph {rng.choice(('', 'g', _some(rng, _NAMES)))} {{{body}}}"
    if rng.random() < 0.3:
        at = rng.randrange(len(text))
        wrong = rng.choice(("", ";", "]", "{", "}", "->", "--", "=", '"', "+", ":", "node", "1a", "@", "?"))
        text = text[:at] + wrong + text[at + rng.randrange(3) :]
    return text


def _statements(rng: random.Random, depth: int) -> str:
    return "".join(_space(rng) + _statement(rng, depth) + _space(rng) for _ in range(rng.randint(0, 5)))


def _statement(rng: random.Random, depth: int) -> str:
    kind = rng.randrange(6)
    end = rng.choice((";", " ", "\n"))
    if kind == 0:
        return f"{rng.choice(('node', 'node', 'edge', 'graph', 'Node'))}{_attributes(rng, 1)}{end}"
    if kind == 1:
        return f"{_some(rng, _NAMES)} = {_some(rng, _VALUES)}{end}"
    ends = [_end(rng, depth) for _ in range(rng.choice((1, 1, 2, 2, 3)))]
    return f"{_space(rng)}->{_space(rng)}".join(ends) + _attributes(rng, 0) + end


def _end(rng: random.Random, depth: int) -> str:
    if depth and rng.random() < 0.35:
        return f"{rng.choice(_PARTS)}{_space(rng)}{{{_statements(rng, depth - 1)}}}"
    nodes = [_some(rng, _NAMES) + rng.choice(("", "", "", ":p", ":p:n")) for _ in range(rng.choice((1, 1, 1, 2)))]
    return f"{_space(rng)},{_space(rng)}".join(nodes)


def _attributes(rng: random.Random, least: int) -> str:
    lists = []
    for _ in range(rng.choice((least, least, 1, 2))):
        pairs = [
            f"{rng.choice(_KEYS)}{_space(rng)}={_space(rng)}{_some(rng, _VALUES)}" for _ in range(rng.randint(0, 3))
        ]
        lists.append(f"[{rng.choice((',', ';', ' ')).join(pairs)}]")
    return " ".join(lists)


def _some(rng: random.Random, texts: tuple[str, ...]) -> str:
    return rng.choice(texts)


def _space(rng: random.Random) -> str:
    return rng.choice(_SPACES) if rng.random() < 0.3 else " "
