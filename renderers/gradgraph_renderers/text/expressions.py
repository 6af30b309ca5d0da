"""`name = expression`: what made each value, in names that cannot be mistaken."""

import re
from collections import Counter
from typing import NamedTuple

from gradgraph.plugins import Fold, Graph, Node, View, counted, fold_formula, fold_name, fold_numbers, visible
from gradgraph_renderers.text.options import TextOptions

MOST_NAME = 200
"""Characters of a name that is repeated: of a node seen above, of a group in parts, of an op with no symbol. However
long a name in a document is, a drawing of it is not longer by more than a factor."""
_MOST_SYMBOL = 240  # characters of a symbol that params are filled in, as in `Graph.symbol`

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.']{0,15}")
_LIKE_AN_ID = re.compile(r"n[0-9]+")
_POSING = re.compile(r"(^| )=(?= |$)")  # a label that looks like `name = expression`
_AT_AN_END = re.compile("^ | $")
_PARAM = re.compile(r"\{[^{}]*\}")

# A symbol of marks stands between its operands, or before or after its one operand. Whatever a param filled in, no
# space or bracket is among them, and nothing that could run together with a name: so expressions can be read back.
_MARKS = re.compile(r"[^\w\s\"'(),;]+")
_BETWEEN = re.compile(r"[^\s(]+")
_BEFORE = re.compile(r"[^A-Za-z_\s(]+")
_AFTER = re.compile(r"\*\*[^\s(]+")


class Form(NamedTuple):
    """How an expression is spelled around and between its operands."""

    before: str
    between: str
    after: str


def expressions(view: View, options: TextOptions, most: int) -> list[str]:
    """Return `name = expression` of every node shown: an unnamed result starts with `=`, and a leaf has no `=`.

    Labels are cut after `most` characters.
    """
    ascii_only = options.charset == "ascii"
    names = _names(view.graph)
    forms: dict[tuple[str, int], Form] = {}  # of ops without params, by name and number of operands
    lines = []
    for node in view.nodes:
        if node.id < 0:
            lines.append(_folded(view, view.folds[-1 - node.id], options))
            continue
        label = written(node.label, ascii_only, most) if node.label else ""
        if node.op is None:
            lines.append(label)
            continue
        key = node.op, len(node.operands)
        form = None if node.params else forms.get(key)
        if form is None:
            form = _form(view.graph, node, ascii_only)
            if not node.params:
                forms[key] = form
        operands = [names.get(operand) or f"n{operand}" for operand in _operands(view, node)]
        made = form.before + form.between.join(operands) + form.after
        lines.append(f"{label} = {made}" if label else f"= {made}")
    return lines


def _operands(view: View, node: Node) -> tuple[int, ...]:
    """The ids of the operands, those in folds too."""
    return view.graph[node.id].operands if view.folds else node.operands


def _folded(view: View, fold: Fold, options: TextOptions) -> str:
    graph, ascii_only = view.graph, options.charset == "ascii"
    if fold.kind != "group":
        made = _escaped(fold_formula(fold), ascii_only)
        said = f"{written(fold_name(graph, fold), ascii_only, MOST_NAME)} {made}".rstrip()
        if fold.step and fold.kind != "run":
            said += f", {fold.step}"
        if len(fold.exits) != 1:  # the columns have no room for the numbers of several
            ranges = ", ".join([cell.text for cell in fold_numbers(view, fold, options)])
            said += f"; {ranges.replace('…', '...').replace('–', '-') if ascii_only else ranges}"
        return f"{said}: {counted(len(fold.nodes), 'value')}"
    name = written(fold_name(graph, fold), ascii_only, MOST_NAME)
    return f"{name}: {counted(len(fold.nodes), 'node')}, {ids_of(fold)}"


def ids_of(fold: Fold) -> str:
    """Return the first and the last id of the nodes of a group, and which part of it they are."""
    part = f", part {fold.part} of {fold.parts}" if fold.parts > 1 else ""
    return f"n{fold.nodes[0].id} to n{fold.nodes[-1].id}{part}"


def written(label: str, ascii_only: bool, most: int) -> str:
    r"""Return the first `most` characters of a label as they can stand in a line.

    What cannot is escaped, and backslashes are doubled, to tell the two apart.

    >>> print(written("a\b = c", False, 9), written("é\n", True, 9), written("long", False, 2))
    a\x08 \x3d c \xe9\n lo…
    """
    text = _AT_AN_END.sub(r"\\x20", _escaped(label[:most], ascii_only))
    if "=" in text:
        text = _POSING.sub(r"\1\\x3d", text)
    if len(label) > most:
        text += "..." if ascii_only else "…"
    return text


def _escaped(text: str, ascii_only: bool) -> str:
    seen = visible(text.replace("\\", "\\\\"))
    if ascii_only and not seen.isascii():
        return seen.encode("ascii", "backslashreplace").decode()
    return seen


def _names(graph: Graph) -> dict[int, str]:
    """The labels that can stand for their node in an expression: identifiers, short, unique, unlike an id."""
    uses = Counter([node.label for node in graph])
    return {
        node.id: node.label
        for node in graph
        if node.label
        and uses[node.label] == 1
        and _NAME.fullmatch(node.label)
        and not _LIKE_AN_ID.fullmatch(node.label)
    }


def _form(graph: Graph, node: Node, ascii_only: bool) -> Form:
    """Infix for a symbol of marks, a call for a name. Operands are always names, so precedence never matters."""
    symbol = _escaped(graph.symbol(node) or str(node.op)[:MOST_NAME], ascii_only)
    declaration = graph.ops.get(str(node.op))
    if declaration and _MARKS.fullmatch(_PARAM.sub("", declaration.symbol[:_MOST_SYMBOL])):
        if len(node.operands) == 2 and _BETWEEN.fullmatch(symbol):
            return Form("", f" {symbol} ", "")
        if len(node.operands) == 1 and _AFTER.fullmatch(symbol):
            return Form("", "", symbol)
        if len(node.operands) == 1 and _BEFORE.fullmatch(symbol):
            return Form(symbol, "", "")
    params = "; " + ", ".join(f"{name}={value}" for name, value in node.params.items()) if node.params else ""
    name = symbol.replace("(", r"\x28")  # so that the first bracket opens the operands
    return Form(f"{name}(", ", ", f"{_escaped(params, ascii_only)})")
