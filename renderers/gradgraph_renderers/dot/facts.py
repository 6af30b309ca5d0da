"""What a drawing says of a graph beside the picture, so that a DOT file carries the whole graph."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from gradgraph.plugins import (
    REQUIRED_FIRST,
    Kind,
    Node,
    View,
    header,
    params_text,
    remember_short,
    spelled_label,
    spelled_number,
)
from gradgraph_renderers.dot.quoting import quote_plain

_SHORT = 1000
"""Characters of a list of numbers that is surely one string in DOT. Nothing in it wants an escape."""


def graph_facts(view: View) -> str:
    """The document's header as JSON; "" for a view of a part of the graph, from which no graph can be read."""
    if view.folds or len(view.nodes) < len(view.graph):
        return ""
    return "{" + ", ".join([f'"{key}": {value}' for key, value in header(view.graph)]) + "}"


def node_facts(node: Node, *, is_escaped: bool = False) -> str:
    """What a node's row in a document says, as attributes to go on with in DOT.

    Numbers are spelled as there, but for the quotes around NaN; lists have spaces between; params are JSON.

    >>> print(node_facts(Node(id=2, data=-6.0, grad=None, label="a", op="mul", operands=(0, 1), local=(-3.0, 2.0))))
    , id="n2", data="-6.0", grad="null", caption="a", op="mul", operands="0 1", local="-3.0 2.0"
    """
    facts = f', id="n{node.id}"'
    for name, absent, start, spell in _ATTRIBUTES[is_escaped]:
        value = getattr(node, name)
        if value is not absent and value != absent:
            facts += start + spell(value)
    return facts


@remember_short
def _text(text: str) -> str:
    return quote_plain(spelled_label(text))


def _word(word: str) -> str:
    return f'"{word}"'


def _list(numbers: tuple[float, ...]) -> str:
    spelled = repr(numbers)[1:-1].rstrip(",").replace(",", "")
    if "n" in spelled:  # of nan or inf, which need another spelling
        spelled = " ".join(map(_bare, numbers))
    return f'"{spelled}"' if len(spelled) < _SHORT else quote_plain(spelled)


def _number(number: float | None) -> str:
    spelled = repr(number)
    return f'"{spelled}"' if spelled[-1] < "a" else f'"{_bare(number)}"'


def _bare(number: float | None) -> str:
    return spelled_number(number).strip('"')


def _params(params: Mapping[str, Any], *, is_escaped: bool) -> str:
    return quote_plain(params_text(params, is_escaped=is_escaped))


def _attributes(is_escaped: bool) -> list[tuple[str, Any, str, Callable[[Any], str]]]:
    """Return the name of each field, the value it is left out for, how its attribute starts, and what spells a value.

    `is_escaped` says whether texts among the params are escaped.
    """
    spelled: dict[Kind, Callable[[Any], str]] = {
        "id": _number,
        "ids": _list,
        "number": _number,
        "number or null": _number,
        "numbers": _list,
        "text": _text,
        "word": _word,
        "params": partial(_params, is_escaped=is_escaped),
    }
    in_dot = [field for field in REQUIRED_FIRST if field.attribute]
    return [(field.name, field.absent, f", {field.attribute}=", spelled[field.kind]) for field in in_dot]


_ATTRIBUTES = {is_escaped: _attributes(is_escaped) for is_escaped in (False, True)}
