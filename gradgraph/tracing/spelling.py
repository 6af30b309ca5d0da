"""The name of an op, as an engine keeps it or as the function is called that a closure was made in."""

from enum import Enum
from functools import lru_cache
from typing import Any

_words = str.split
_GENERAL = frozenset(
    _words(
        "backward context ctx function fn operation op operator history node creator value variable scalar tensor var "
        "gradfn forward apply call lambda init none make build create new wrap binary unary binary_op unary_op main"
    )
)
"""Names that say what a thing is, and not which op it does."""


def spelled(op: Any) -> str | None:
    """Return the name of an op as an engine keeps it: a text, an enum member, a function, a class, or an object.

    >>> spelled("+"), spelled(int), spelled(len), spelled(None)
    ('+', 'int', 'len', None)
    """
    if op is None or isinstance(op, (bool, int, float, bytes, tuple, list, dict, set, frozenset)):
        return None
    if isinstance(op, str):
        return op
    if isinstance(op, Enum):
        return op.name
    if isinstance(op, type):
        return None if _is_general(op.__name__) else op.__name__
    for attribute in ("__name__", "op_name", "name", "symbol", "op", "_op"):
        name = getattr(op, attribute, None)
        if isinstance(name, str) and name and not _is_general(name):
            return name
    name = type(op).__name__
    return None if _is_general(name) else name


def method_name(qualified: str) -> str | None:
    """Return which function a closure was made in, as an op; None if its name is a general one.

    >>> method_name("Value.__mul__.<locals>._backward"), method_name("tanh.<locals>.<lambda>")
    ('__mul__', 'tanh')
    >>> method_name("_mul_backward"), method_name("Value.__init__.<locals>.<lambda>")
    ('_mul_backward', None)
    """
    parts = qualified.split(".<locals>.")
    names = [part.rsplit(".", 1)[-1] for part in parts[:-1] or parts]
    named = [name for name in names if name not in ("<lambda>", "<listcomp>", "<genexpr>")]
    return named[-1] if named and not _is_general(named[-1]) else None


@lru_cache(maxsize=1024)
def _is_general(name: str) -> bool:
    return name.lower().strip("_<>") in _GENERAL
