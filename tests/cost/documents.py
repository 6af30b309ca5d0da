"""Text of documents, put together from parts: sound ones and ones with anything wrong in them."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

OPS = {
    "neg": {"symbol": "-", "arity": 1},
    "add": {"symbol": "+", "arity": 2},
    "sub": {"symbol": "-", "arity": 2},
    "mul": {"symbol": "*", "arity": 2},
    "cat": {"symbol": "cat", "arity": None},
}


def compact(item: Any) -> str:
    """JSON as documents have it: other letters than ASCII stay themselves."""
    return json.dumps(item, ensure_ascii=False)


def many(count: int, stem: str, value: Any = 1) -> dict[str, Any]:
    """So many keys of one value."""
    return {f"{stem}{i}": value for i in range(count)}


def leaf(index: int, label: Any = "", **facts: Any) -> str:
    """The row of a leaf."""
    named = {"label": label} if label else {}
    return compact({"id": index, **named, "data": 1.0, "grad": None, **facts})


def result(index: int, op: str, operands: Iterable[int], **facts: Any) -> str:
    """The row of a node that an op made."""
    return compact({"id": index, "op": op, "operands": [*operands], "data": 1.0, "grad": None, **facts})


def document(
    rows: Iterable[str],
    outputs: Iterable[int] = (0,),
    *,
    ops: Mapping[str, Any] = OPS,
    groups: Iterable[Mapping[str, Any]] = (),
    version: str = "1.0",
    **more: Any,
) -> bytes:
    """A document of these rows, a row a line. `more` are further keys: meta, ext, or unknown ones."""
    header: dict[str, Any] = {"format": "gradgraph", "version": version, **more, "ops": ops}
    listed = [*groups]
    if listed:
        header["groups"] = listed
    header["outputs"] = [*outputs]
    lines = [f'"{key}": {compact(value)}' for key, value in header.items()]
    return "".join(["{\n", ",\n".join(lines), ',\n"nodes": [\n', ",\n".join(rows), "\n]\n}\n"]).encode()


def chain(count: int, **facts: Any) -> list[str]:
    """Rows of a chain of negations, whose numbers are right."""
    rows = [compact({"id": 0, "label": "x", "data": 1.0, "grad": -1.0 if count % 2 else 1.0, **facts})]
    for index in range(1, count + 1):
        numbers = {"data": -1.0 if index % 2 else 1.0, "grad": -1.0 if (count - index) % 2 else 1.0}
        rows.append(result(index, "neg", (index - 1,), **numbers, local=[-1.0], **facts))
    return rows


def nest(count: int, name: str = "g") -> list[dict[str, Any]]:
    """Groups, each in the one before."""
    return [{"id": n, "name": name, **({"parent": n - 1} if n else {})} for n in range(count)]
