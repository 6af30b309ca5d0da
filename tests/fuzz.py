"""Whole documents, mutated: is the fast verdict that of the reference, and is every refusal explained?

The reference shares no code with the fast reader: json, jsonschema on the whole document, and the rules of
docs/reference/document.rst written again in the plainest way. `python -m tests.fuzz 200000` runs it long; the tests run
it short.
"""

import json
import math
import random
import re
import sys
import warnings
from copy import deepcopy
from typing import Any

import jsonschema

from gradgraph import DocumentWarning, Graph, Group, Node, OpDeclaration, dumps, validate
from gradgraph_schemas import schema, schema_versions

REFERENCES = {version: jsonschema.Draft202012Validator(schema(version)) for version in schema_versions()}
NEWEST = schema_versions()[-1]
KNOWN = {"": schema(), **{name: schema()["$defs"][name] for name in ("op", "group", "node")}}
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -0.0, 1, -1, 2, 3, 1.0, 2.0, 0.5, 1e308, 2**53, 2**53 + 1, 2**64, 10**30, 10**400),
    *(
        "",
        "NaN",
        "Infinity",
        "-Infinity",
        "nan",
        "x",
        "add",
        "input",
        "constant",
        "1.0",
        "1.1",
        "2.0",
        "01.0",
        "é\u2028",
    ),
    *("gradgraph", [], [0], [0, 0], [1, 2, 3], ["NaN"], [None], [[0]], {}, {"a": 1}, {"symbol": "+", "arity": 2}),
    *({"id": 0, "name": "g"}, {"id": 0, "data": 1.0, "grad": None}, {"exponent": 2.0}, {"a": [1, "x", True]}),
    *({"a": {"b": 1}}, {"a": None}, {"a": 'x": 1'}),
)
KEYS = (
    *("id", "label", "role", "op", "operands", "params", "data", "grad", "local", "group", "name", "parent", "symbol"),
    *("arity", "format", "version", "ops", "groups", "outputs", "nodes", "meta", "ext", "lable", 'new"key'),
)
SPLICES = (
    *(b" ", b",", b":", b'"', b"{", b"}", b"[", b"]", b"0", b"1", b"-", b".", b"e5", b"1e400", b"-1e999", b"NaN"),
    *(b"Infinity", b"null", b"true", b"\\", b"\\ud800", b"\\udc00", b"\\ud83d\\ude00", b"\\u0000", b"\xff", b"\xc3"),
    *(
        b"\xed\xa0\x80",
        b"\xef\xbb\xbf",
        b"\n",
        b"\t",
        b"\x00",
        b'"id": 0, ',
        b'"id":0,',
        b'"id" : 0,',
        b'"data": 1.0, ',
    ),
    *(b'"label": "a\\": 1", ', b'"op": "add", ', b'"meta": {"a": 1, "a": 2}, ', b"[" * 70),
)


class Refused(Exception):
    """By the reference."""


def reference_accepts(data: bytes) -> bool:
    """The verdict of the reference on a document."""
    try:
        document = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_pairs,
            parse_constant=_refuse,
            parse_int=_integer,
            parse_float=_float,
        )
        if data.startswith(b"\xef\xbb\xbf"):
            return False
        _strings(document, 1)
        if isinstance(document, dict):
            _forget_newer(document)
        version = document.get("version") if isinstance(document, dict) else None
        if not isinstance(version, str) or not REFERENCES.get(version, REFERENCES[NEWEST]).is_valid(document):
            return False
        _rules(document)
    except (Refused, ValueError, RecursionError):
        return False
    return True


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise Refused
    return dict(pairs)


def _refuse(_: str) -> None:
    raise Refused


def _integer(digits: str) -> int:
    if math.isinf(float(digits)):
        raise Refused
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise Refused
    return number


def _strings(item: Any, depth: int) -> None:
    if isinstance(item, str):
        item.encode("utf-8")
    elif isinstance(item, (dict, list)):
        if depth > 64:
            raise Refused
        for key in item if isinstance(item, dict) else ():
            key.encode("utf-8")
        for part in item.values() if isinstance(item, dict) else item:
            _strings(part, depth + 1)


def _forget_newer(document: dict[str, Any]) -> None:
    version = document.get("version")
    found = re.fullmatch(r"1\.(0|[1-9][0-9]{0,8})", version) if isinstance(version, str) else None
    if found is None or int(found[1]) <= int(NEWEST.partition(".")[2]):
        return
    document["version"] = NEWEST
    ops, groups, nodes = document.get("ops"), document.get("groups"), document.get("nodes")
    parts = [("", document)]
    parts += [("op", op) for op in (ops.values() if isinstance(ops, dict) else ())]
    parts += [("group", group) for group in (groups if isinstance(groups, list) else ())]
    parts += [("node", node) for node in (nodes if isinstance(nodes, list) else ())]
    for name, part in parts:
        if isinstance(part, dict):
            for key in set(part) - set(KNOWN[name]["properties"]):
                del part[key]


def _rules(document: dict[str, Any]) -> None:
    nodes, groups, ops = document["nodes"], document.get("groups", []), document["ops"]
    ids = [*document["outputs"]]
    for index, group in enumerate(groups):
        ids += [group["id"], group.get("parent", 0)]
        _hold(group["id"] == index and group.get("parent", -1) < index)
    _hold(all(output < len(nodes) for output in document["outputs"]))
    ids += [op["arity"] for op in ops.values() if op["arity"] is not None]
    for index, node in enumerate(nodes):
        operands = node.get("operands", [])
        ids += [node["id"], node.get("group", 0), *operands]
        _hold(node["id"] == index and all(operand < index for operand in operands))
        _hold(node.get("group", -1) < len(groups))
        _hold("local" not in node or len(node["local"]) == len(operands))
        if "op" in node:
            _hold(node["op"] in ops and ops[node["op"]]["arity"] in (None, len(operands)))
    _hold(all(type(number) is int for number in ids))


def _hold(rule: bool) -> None:
    if not rule:
        raise Refused


def sound_document(rng: random.Random) -> Graph:
    """A small graph with a bit of everything."""
    numbers = (0.0, -0.0, 1.5, -3.0, 1e-07, math.nan, math.inf, 5e-324)
    groups = (Group(0, "g"), Group(1, "h", 0))[: rng.randrange(3)]
    nodes: list[Node] = []
    for index in range(rng.randrange(1, 6)):
        facts: dict[str, Any] = {"group": rng.randrange(len(groups)) if groups and rng.random() < 0.5 else None}
        facts["label"] = rng.choice(("", "a", 'q": "', "é\u2028"))
        if index and rng.random() < 0.6:
            op, arity = rng.choice((("add", 2), ("cat", rng.randrange(1, 4)), ("power", 1)))
            facts |= {"op": op, "operands": tuple(rng.randrange(index) for _ in range(arity))}
            facts["local"] = tuple(rng.choice(numbers) for _ in range(arity)) if rng.random() < 0.5 else ()
            facts["params"] = {"exponent": 2.0, "axes": (1, "x")} if op == "power" else {}
        else:
            facts["role"] = rng.choice((None, "input", "parameter", "constant"))
        nodes.append(Node(index, rng.choice(numbers), rng.choice((None, *numbers)), **facts))
    declared = {
        "add": OpDeclaration("+", 2),
        "cat": OpDeclaration("⊕", None),
        "power": OpDeclaration("**{exponent}", 1),
    }
    meta = {"a": [1, {"b": None}]} if rng.random() < 0.3 else {}
    return Graph(tuple(nodes), (rng.randrange(len(nodes)),), declared, groups, meta=meta)


def mutated(rng: random.Random) -> bytes:
    """A document with up to three things wrong with it, in its tree or in its bytes."""
    tree = json.loads(dumps(sound_document(rng)))
    for _ in range(rng.choice((0, 1, 1, 1, 2, 3))):
        mutate_tree(tree, rng)
    data = json.dumps(tree, ensure_ascii=False, indent=rng.choice((None, None, 1))).encode("utf-8", "surrogatepass")
    for _ in range(rng.choice((0, 0, 0, 1, 2))):
        at = rng.randrange(len(data) + 1)
        if rng.random() < 0.3:
            data = data[:at] + data[at + rng.randrange(1, 9) :]
        else:
            data = data[:at] + rng.choice(SPLICES) + data[at:]
    return data


def mutate_tree(tree: Any, rng: random.Random) -> None:
    """Change, add or take away one thing somewhere in an object or array of JSON, in place."""
    collections = []
    stack = [tree]
    while stack:
        item = stack.pop()
        collections.append(item)
        stack.extend(
            part for part in (item.values() if isinstance(item, dict) else item) if isinstance(part, (dict, list))
        )
    item = rng.choice(collections)
    action = rng.random()
    if isinstance(item, dict):
        key = rng.choice(list(item)) if item and action < 0.7 else rng.choice(KEYS)
        if action < 0.2 and item:
            item.pop(key, None)
        else:
            item[key] = deepcopy(rng.choice(ODD))
    elif item and action < 0.3:
        item.pop(rng.randrange(len(item)))
    elif item and action < 0.8:
        item[rng.randrange(len(item))] = deepcopy(rng.choice(ODD))
    else:
        item.insert(rng.randrange(len(item) + 1), deepcopy(rng.choice((*ODD, *item))))


def disagreements(count: int, seed: int) -> tuple[int, int]:
    """How many of `count` documents the reference accepts, and on how many another verdict differs (printed)."""
    rng = random.Random(seed)  # noqa: S311
    accepted = different = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DocumentWarning)
        for _ in range(count):
            data = mutated(rng)
            reference = reference_accepts(data)
            accepted += reference
            problems = validate(data)
            unexplained = any(problem.sentence == "the document cannot be read" for problem in problems)
            if reference == bool(problems) or unexplained or bool(problems) != bool(validate(data, reference=True)):
                different += 1
                sys.stderr.write(f"reference {'accepts' if reference else 'refuses'}: {data!r}\n")
    return accepted, different


if __name__ == "__main__":
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    accepted, different = disagreements(total, seed=total)
    sys.stdout.write(f"{total} documents, {accepted} accepted, {different} disagreements\n")
    sys.exit(different > 0)
