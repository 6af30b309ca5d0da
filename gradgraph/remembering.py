"""Memoised functions of texts that remember short ones only."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

LONGEST = 200
"""Characters of a text that is remembered. Labels repeat where they are short; long ones would only keep memory."""


def remember_short(function: Callable[Concatenate[str, P], R]) -> Callable[Concatenate[str, P], R]:
    """Return `function`, a pure function of a text first, with its last 4,096 answers for short texts remembered.

    >>> remember_short(str.upper)("a")
    'A'
    """
    remembered = lru_cache(maxsize=4096)(function)

    @wraps(function)
    def answer(text: str, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return (remembered if len(text) <= LONGEST else function)(text, *args, **kwargs)  # type: ignore[arg-type]

    return answer
