"""Modules whose names come from others, each imported when its name is first used."""

import sys
from collections.abc import Callable, Mapping
from typing import Any


def lazily(module: str, homes: Mapping[str, tuple[str, ...]]) -> Callable[[str], Any]:
    """Return the `__getattr__` of `module`, which takes names from their `homes`: modules, each with names of its own.

    https://peps.python.org/pep-0562/ says how Python calls it.

    >>> get = lazily(__name__, {"math": ("pi", "tau")})
    >>> round(get("pi"), 2)
    3.14
    """
    home_of = {name: home for home, names in homes.items() for name in names}

    def get(name: str) -> Any:
        if name not in home_of:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        from importlib import import_module

        found = getattr(import_module(home_of[name]), name)
        setattr(sys.modules[module], name, found)
        return found

    return get
