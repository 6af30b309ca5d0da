"""What a cone computes, as an expression of the names of what it uses."""

import re
from collections.abc import Mapping

from gradgraph.graph.model import Graph
from gradgraph.graph.structure.naming import Names, in_figures, is_figures, subscript
from gradgraph.graph.structure.quotient import Quotient
from gradgraph.graph.structure.shapes import Cones, Term
from gradgraph.graph.structure.steps import Step
from gradgraph.graph.structure.varying import Varying
from gradgraph.graph.structure.wiring import Wiring
from gradgraph.graph.views import any_number

MOST_PARTS = 40
"""Operands and ops of an expression that are written out. It also bounds how deep the writer goes."""
MOST_CHARACTERS = 90

_HIGH = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_WHOLE_POWER = re.compile(r"\*\*-?[0-9]+")
_WORD = re.compile(r"[\w.']+(?: [\w.']+)*…?")
_MARKS = re.compile(r"[^\w\s]+")
_LOOSE, _TERM, _FACTOR, _OPERAND = range(4)
"""How tightly what surrounds an expression holds it: brackets are written where that is tighter than the expression."""
_SUM, _COMPOUND, _NAME, _NUMBER = range(4)
"""The order of terms in a sum."""


class Speller:
    """Writes the expressions of cones. `box` and `steps` are by root: see `varying` and `steps`.

    An operand is called by the name of its box, and a prime tells another member of the same box apart: h₇·h₇′ is no
    square. In a step of a run, h[t] is of the same step and h[t−1] of the step before; h[20] is of step 20. Equal terms
    of a sum are one with their number before them, and come first, then other terms, names and numbers. A product
    starts with its numbers. A number that differs among members is c, see `any_number`.
    """

    def __init__(
        self,
        graph: Graph,
        wiring: Wiring,
        cones: Cones,
        cone_graph: Quotient,
        box: Mapping[int, int],
        names: Names,
        steps: Mapping[int, Step],
        varying: Varying,
    ) -> None:
        self._graph, self._wiring, self._cones, self._quotient = graph, wiring, cones, cone_graph
        self._box, self._names, self._steps, self._varying = box, names, steps, varying
        self._any = any_number(names.family.values())
        self._root = self._left = 0
        self._met: dict[str, list[int]] = {}
        self._in_sum = self._in_steps = False

    def expression(self, root: int) -> str:
        """Return the expression of the cone of a root, with an ellipsis where it is long."""
        self._root, self._left = root, MOST_PARTS
        self._met, self._in_sum, self._in_steps = {}, False, False
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
        """Return the name of a value from another cone, and of which step it is."""
        step = self._step(place)
        own = self._names.own.get(place) if step[1:2].isdigit() else None
        name = own or self._names.family[place]
        if is_figures(name):
            return name
        if own:
            step = ""
        others = self._varying.operands.get(self._box[self._root], {})
        if name in others:
            return others[name] + step
        met = self._met.setdefault(name + step, [])
        if place not in met:
            met.append(place)
        plain = name if _WORD.fullmatch(name) else f"[{name}]"  # a label that could be taken for an expression
        return plain + step + "′" * min(met.index(place), 3)

    def _step(self, place: int) -> str:
        """Return which step a value from another cone is of, "" if of none: [t], [t−1], or a number."""
        here, there = self._steps.get(self._root), self._steps.get(place)
        if there is None:
            return ""
        if here is not None and here.run == there.run and here.number:
            return f"[t−{here.number - there.number}]" if here.number > there.number else "[t]"
        return "[t]" if self._in_steps else f"[{there.number + 1:,}]"

    def _number(self, place: int) -> str:
        at = self._box[self._root], self._quotient.role[place]
        if at in self._varying.numbers and (self._in_sum or at[0] in self._varying.several):
            return self._any
        return in_figures(self._wiring.nodes[place].data)

    def _sum(self, place: int, terms: list[Term], around: int) -> str:
        groups: dict[object, list[Term]] = {}
        for term in terms:
            groups.setdefault((term.shape, self._seen(term)), []).append(term)
        counts_differ = (self._box[self._root], self._quotient.role[place]) in self._varying.counts
        parts: list[tuple[bool, int, str]] = []
        for alike in groups.values():
            is_minus = self._is_minus(alike[0])
            if len(alike) > 2 or (len(alike) > 1 and self._is_one_text(alike)):
                count = "" if counts_differ else subscript(len(alike))
                text = f"Σ{count} {self._said_of_all(alike)}"
                parts.append((is_minus, _SUM, text))
                continue
            for term in alike:
                text = self._said(term.node, _FACTOR if is_minus else _TERM)
                if text == "0" and term.inside:
                    continue
                is_flipped = is_minus and text.startswith("−") and is_figures(text)
                parts.append((is_minus and not is_flipped, self._rank(term), text[bool(is_flipped) :]))
        parts.sort(key=lambda part: part[:2])
        if not parts:
            return "0"
        text = "".join([f" {'−' if is_minus else '+'} {each}" for is_minus, _, each in parts])
        text = text.replace(" + −", " − ").removeprefix(" + ")
        text = "−" + text[3:] if text.startswith(" − ") else text
        is_long = len(parts) > 1 or parts[0][1] == _SUM or parts[0][0]
        return f"({text})" if around >= _FACTOR and is_long else text

    def _rank(self, term: Term) -> int:
        if term.inside:
            return _NUMBER if self._wiring.op[term.node] is None else _COMPOUND
        return _NUMBER if is_figures(self._names.family[term.node]) else _NAME

    def _is_minus(self, term: Term) -> bool:
        return term.shape >= 2 and self._cones.keys[term.shape - 2][0] == "-"

    def _seen(self, term: Term) -> object:
        """Return what tells terms of one shape apart: the names of their operands, if that is all they are made of.

        In a step it is also the steps that they take.
        """
        steps = self._steps_in(term) if self._root in self._steps else None
        names = self._names.family
        if not term.inside:
            return names[term.node], steps
        if self._cones.size[term.node] == 1:
            return tuple([names.get(tail, "") for tail in self._wiring.operands[term.node]]), steps
        return steps

    def _steps_in(self, term: Term) -> frozenset[int]:
        """Return the numbers of the steps that a term takes something of."""
        if not self._steps:
            return frozenset()
        places, found = [term.node], set()
        while places:
            place = places.pop()
            if self._cones.root[place] != self._root:
                step = self._steps.get(place)
                found.update([step.number] if step else [])
            else:
                places.extend(self._wiring.operands[place])
        return frozenset(found)

    def _is_one_text(self, alike: list[Term]) -> bool:
        return len({self._said_apart(term.node, _FACTOR) for term in alike}) == 1

    def _said_of_all(self, alike: list[Term]) -> str:
        """Return the expression of terms that are alike, of step t where they are of different steps."""
        before = self._in_steps
        self._in_steps = before or len({self._steps_in(term) for term in alike}) > 1
        text = self._said_apart(alike[0].node, _FACTOR)
        self._in_steps = before
        return text

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
        numbers: list[str] = []
        factors: list[str] = []
        for node, count in times.items():
            text = self._said(node, _FACTOR if count == 1 else _OPERAND)
            text += str(count).translate(_HIGH) if count > 1 else ""
            is_number = self._wiring.op[node] is None and self._cones.root[node] != node
            (numbers if is_number else factors).append(text)
        text = "·".join([*numbers, *factors])
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
