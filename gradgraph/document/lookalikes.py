r"""How params hold texts that look like the numbers JSON lacks, and how a document says that they do.

In params the texts NaN, Infinity and -Infinity are numbers. A document whose params hold such a text as a text has a
mark in `ext`, under the key of this project, and in its params each text that is a row of backslashes (or none) and one
of the three words has a backslash more. Documents without the mark mean what they always did.
"""

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from gradgraph.graph.frozen import EMPTY

NON_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
"""How a document spells the floats that JSON lacks."""

_ALIKE = re.compile(r"\\*+(?:NaN|Infinity|-Infinity)")
_OWN = "gradgraph"
_MARK = {"texts": "escaped"}


def is_marked(ext: Mapping[str, Any]) -> bool:
    """Return whether `ext` has the mark, and so the texts that look like numbers a backslash more."""
    own = ext.get(_OWN)
    return isinstance(own, Mapping) and own.get("texts") == "escaped" and own.keys() <= {"texts", "ext"}


def marked(ext: Mapping[str, Any]) -> dict[str, Any]:
    """Return `ext` with the mark, around what was there.

    >>> marked({"gradgraph": 1, "other": 2})
    {'gradgraph': {'texts': 'escaped', 'ext': 1}, 'other': 2}
    """
    return {**ext, _OWN: _MARK | ({"ext": ext[_OWN]} if _OWN in ext else {})}


def unmarked(ext: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return `ext` as it was before it was marked, if it was.

    >>> unmarked(marked({"gradgraph": 1})), unmarked({"gradgraph": 1})
    ({'gradgraph': 1}, {'gradgraph': 1})
    """
    if not is_marked(ext):
        return ext
    own = {_OWN: ext[_OWN]["ext"]} if "ext" in ext[_OWN] else {}
    return {key: data for key, data in ext.items() if key != _OWN} | own or EMPTY


def needs_mark(ext: Mapping[str, Any], params: Iterable[Mapping[str, Any]]) -> bool:
    """Return whether a document needs the mark: for a text in its params, or because its own `ext` looks like it."""
    return is_marked(ext) or any(_has_alike(value) for each in params for value in each.values())


def _has_alike(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return any(map(_has_alike, value))
    return isinstance(value, str) and _ALIKE.fullmatch(value) is not None


def escaped(text: str) -> str:
    r"""Return a text among params as a document with the mark spells it.

    >>> print(escaped("NaN"), escaped(r"\NaN"), escaped("nan"))
    \NaN \\NaN nan
    """
    return "\\" + text if _ALIKE.fullmatch(text) else text


def number_or_text(text: str, *, is_escaped: bool) -> float | str:
    r"""Return what a text among params stands for.

    >>> number_or_text("NaN", is_escaped=True), number_or_text(r"\NaN", is_escaped=True)
    (nan, 'NaN')
    >>> print(number_or_text(r"\NaN", is_escaped=False))
    \NaN
    """
    if text in NON_FINITE:
        return NON_FINITE[text]
    return text[1:] if is_escaped and _ALIKE.fullmatch(text) else text
