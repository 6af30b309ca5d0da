"""What a cone computes, as an expression of the names of what it uses."""

import re
from collections.abc import Mapping

from gradgraph.graph.model import Graph
from gradgraph.graph.structure.naming import subscript
from gradgraph.graph.structure.quotient import Quotient
from gradgraph.graph.structure.shapes import Cones, Term
from gradgraph.graph.structure.varying import Varying
from gradgraph.graph.structure.wiring import Wiring

MOST_PARTS = 40
"""Operands and ops of an expression that are written out. It also bounds how deep the writer goes."""
MOST_CHARACTERS = 90
_PRECISION = 3

_HIGH = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_WHOLE_POWER = re.compile(r"\*\*-?[0-9]+")
_WORD = re.compile(r"[\w.']+(?: [\w.']+)*…?")
_MARKS = re.compile(r"[^\w\s]+")
_LOOSE, _TERM, _FACTOR, _OPERAND = range(4)
"""How tightly what surrounds an expression holds it: brackets are written where that is tighter than the expression."""


class Speller:
    """Writes the expressions of cones. `box` and `names` are by root: see `naming` and `varying`.

    An operand is called by the name of its box, and a prime tells another member of the same box apart: h₇·h₇′ is no
    square. Equal terms of a sum are one with their number before them. A number that differs among members is c.
    """

    def __init__(
        self,
        graph: Graph,
        wiring: Wiring,
        cones: Cones,
        cone_graph: Quotient,
        box: Mapping[int, int],
        names: Mapping[int, str],
        varying: Varying,
    ) -> None:
        self._graph, self._wiring, self._cones, self._quotient = graph, wiring, cones, cone_graph
        self._box, self._names, self._varying = box, names, varying
        self._root = self._left = 0
        self._met: dict[str, list[int]] = {}
        self._in_sum = False

    def expression(self, root: int) -> str:
        """Return the expression of the cone of a root, with an ellipsis where it is long."""
        self._root, self._left = root, MOST_PARTS
        self._met, self._in_sum = {}, False
        text = self._said(root, _LOOSE)
        return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"

    def _said(self, place: int, around: int) -> str:
        self._left -= 1
        if self._left < 0:
            return "…"
        wiring = self._wiring
        if place != self._root and self._cones.root[place] == place:
            return self._operand(place)
        if wiring.op[place] is None:
            return self._number(place)
        law = wiring.law[place]
        if law is None:
            return self._applied(place, around)
        terms = self._cones.terms_of(self._cones.total[place])
        return self._sum(place, terms, around) if law.family == "add" else self._product(terms, around)

    def _operand(self, place: int) -> str:
        """Return the name of a value from another cone."""
        name = self._names[place]
        others = self._varying.operands.get(self._box[self._root], {})
        if name in others:
            return others[name]
        met = self._met.setdefault(name, [])
        if place not in met:
            met.append(place)
        plain = name if _WORD.fullmatch(name) else f"[{name}]"  # a label that could be taken for an expression
        return plain + "′" * min(met.index(place), 3)

    def _number(self, place: int) -> str:
        at = self._box[self._root], self._quotient.role[place]
        if at in self._varying.numbers and (self._in_sum or at[0] in self._varying.several):
            return "c"
        node = self._wiring.nodes[place]
        return f"{node.data:z.{_PRECISION}g}"

    def _sum(self, place: int, terms: list[Term], around: int) -> str:
        groups: dict[object, list[Term]] = {}
        for term in terms:
            groups.setdefault((term.shape, self._seen(term)), []).append(term)
        counts_differ = (self._box[self._root], self._quotient.role[place]) in self._varying.counts
        plus: list[str] = []
        minus: list[str] = []
        for alike in sorted(groups.values(), key=lambda some: len(some) < 3):
            is_minus = self._is_minus(alike[0])
            if len(alike) > 2 or (len(alike) > 1 and self._is_one_text(alike)):
                count = "" if counts_differ else subscript(len(alike))
                text = f"Σ{count} {self._said_apart(alike[0].node, _FACTOR)}"
                (minus if is_minus else plus).append(text)
                continue
            for term in alike:
                text = self._said(term.node, _FACTOR if is_minus else _TERM)
                (minus if is_minus else plus).append(text)
        if len(plus) > 1 or (plus and minus):
            plus = [text for text in plus if text != "0"] or (["0"] if not minus else [])
        text = " + ".join(plus).replace(" + −", " − ") + "".join([f" − {each}" for each in minus])
        text = text.lstrip() if plus else text.replace(" − ", "−", 1)
        is_long = len(plus) + len(minus) > 1 or text.startswith("Σ")
        return f"({text})" if around >= _FACTOR and is_long else text

    def _is_minus(self, term: Term) -> bool:
        return term.shape >= 2 and self._cones.keys[term.shape - 2][0] == "-"

    def _seen(self, term: Term) -> object:
        """Return what tells terms of one shape apart: the names of their operands, if that is all they are made of."""
        if not term.inside:
            return self._names[term.node]
        if self._cones.size[term.node] == 1:
            return tuple([self._names.get(tail, "") for tail in self._wiring.operands[term.node]])
        return None

    def _is_one_text(self, alike: list[Term]) -> bool:
        return len({self._said_apart(term.node, _FACTOR) for term in alike}) == 1

    def _said_apart(self, place: int, around: int) -> str:
        """Return an expression that stands for several: its primes and numbers are its own."""
        met, in_sum = self._met, self._in_sum
        self._met, self._in_sum = {}, True
        text = self._said(place, around)
        self._met, self._in_sum = met, in_sum
        return text

    def _product(self, terms: list[Term], around: int) -> str:
        times: dict[int, int] = {}
        for term in terms:
            times[term.node] = times.get(term.node, 0) + 1
        factors = []
        for node, count in times.items():
            text = self._said(node, _FACTOR if count == 1 else _OPERAND)
            factors.append(text + (str(count).translate(_HIGH) if count > 1 else ""))
        text = "·".join(factors)
        return f"({text})" if around >= _OPERAND and len(factors) > 1 else text

    def _applied(self, place: int, around: int) -> str:
        """Return an op applied to its operands: between them, before or after its one, or as a call."""
        node = self._wiring.nodes[place]
        symbol = self._graph.symbol(node) or str(node.op)
        tails = self._wiring.operands[place]
        if len(tails) == 1 and symbol.startswith("**"):
            power = symbol[2:].translate(_HIGH) if _WHOLE_POWER.fullmatch(symbol) else f"^{symbol[2:]}"
            return self._said(tails[0], _OPERAND) + power
        if len(tails) == 1 and _MARKS.fullmatch(symbol):
            text = symbol.replace("-", "−") + self._said(tails[0], _FACTOR)
            return f"({text})" if around >= _FACTOR else text
        if len(tails) == 2 and _MARKS.fullmatch(symbol):
            between = {"/": "/", "**": "^"}.get(symbol, f" {symbol} ")
            text = between.join([self._said(tail, _OPERAND) for tail in tails])
            return f"({text})" if around >= _OPERAND else text
        return f"{symbol}({', '.join(self._several(tails))})"

    def _several(self, tails: tuple[int, ...]) -> list[str]:
        texts = []
        for tail in tails:
            texts.append(self._said(tail, _LOOSE))
            if self._left < 0:
                break
        return texts
