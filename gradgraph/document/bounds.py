"""The limits that a decoded document exceeds, each with its place."""

from collections.abc import Iterator
from typing import Any

from gradgraph.document.locating import Path
from gradgraph.document.lookalikes import is_marked, number_or_text
from gradgraph.document.rules import Broken, walk
from gradgraph.document.wire import Document
from gradgraph.graph.model import Group, Node
from gradgraph.limits import Limits, how_to_raise

_SHORTEST_OPERAND = 2
"""Bytes of an operand or a param with its comma."""


def exceeded(document: Document, limits: Limits, size: int) -> Iterator[Broken]:
    """Yield what exceeds a limit, each with its place and remedy; `size` is that of the document's text in bytes.

    Only what a text of that size can exceed is looked at, so the defaults cost nothing.
    """
    if len(document.nodes) > limits.max_nodes:
        yield _beyond(("nodes",), f"{len(document.nodes)} nodes are", limits, "max_nodes")
    yield from _too_deep_groups(document.groups or [], limits)
    if size > limits.max_text:
        for path, text in _names(document):
            if len(text) > limits.max_text:
                yield _beyond(path, f"{len(text)} characters are", limits, "max_text")
    if size > limits.max_text or size > limits.max_operands * _SHORTEST_OPERAND:
        is_escaped = is_marked(document.ext)
        for index, node in enumerate(document.nodes):
            if len(node.label) > limits.max_text:
                yield _beyond(("nodes", index, "label"), f"{len(node.label)} characters are", limits, "max_text")
            if len(node.operands) > limits.max_operands:
                yield _beyond(
                    ("nodes", index, "operands"), f"{len(node.operands)} operands are", limits, "max_operands"
                )
            if node.params:
                yield from _too_much_in_params(node, ("nodes", index, "params"), limits, is_escaped=is_escaped)
    if size > limits.max_meta:
        yield from _too_much_free_form(document, limits)


def _beyond(path: Path, amount: str, limits: Limits, name: str) -> Broken:
    return Broken(path, f"{amount} more than {name} = {getattr(limits, name)}", how_to_raise(name))


def _names(document: Document) -> Iterator[tuple[Path, str]]:
    """Yield the names of ops and groups, and symbols."""
    for name, op in document.ops.items():
        yield ("ops", name), name
        yield ("ops", name, "symbol"), op.symbol
    for index, group in enumerate(document.groups or ()):
        yield ("groups", index, "name"), group.name


def _too_deep_groups(groups: list[Group], limits: Limits) -> Iterator[Broken]:
    if len(groups) <= limits.max_group_depth:
        return
    depths: list[int] = []
    for index, group in enumerate(groups):
        depths.append(1 if group.parent is None else depths[group.parent] + 1)
        if depths[index] > limits.max_group_depth:
            yield _beyond(("groups", index), f"groups nested {depths[index]} deep are", limits, "max_group_depth")
            return  # those inside are deeper still


def _too_much_in_params(node: Node, path: Path, limits: Limits, *, is_escaped: bool) -> Iterator[Broken]:
    if len(node.params) > limits.max_operands:
        yield _beyond(path, f"{len(node.params)} params are", limits, "max_operands")
    for name, value in node.params.items():
        if len(name) > limits.max_text:
            yield _beyond((*path, name), f"{len(name)} characters are", limits, "max_text")
        items = value if isinstance(value, (list, tuple)) else (value,)
        if len(items) > limits.max_operands:
            yield _beyond((*path, name), f"{len(items)} items are", limits, "max_operands")
        for item in items:
            text = number_or_text(item, is_escaped=is_escaped) if isinstance(item, str) else None
            if isinstance(text, str) and len(text) > limits.max_text:
                yield _beyond((*path, name), f"{len(text)} characters are", limits, "max_text")


def _too_much_free_form(document: Document, limits: Limits) -> Iterator[Broken]:
    for key, data in (("meta", document.meta), ("ext", document.ext)):
        if sum(map(_size, (item for _, item in walk(data)))) > limits.max_meta:
            yield Broken(
                (key,), f"{key} is larger than max_meta = {limits.max_meta} characters", how_to_raise("max_meta")
            )


def _size(item: Any) -> int:
    if isinstance(item, str):
        return 1 + len(item)
    return 1 + (sum(map(len, item)) if isinstance(item, dict) else 0)
