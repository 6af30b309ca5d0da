"""The graph that somebody's function returns. This runs their code: it is done only where a user names it."""

import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from importlib import import_module
from typing import Any

from gradgraph.errors import CallError, OptionError
from gradgraph.graph.model import Graph


def call(target: str, graph_of: Callable[[Any], Graph]) -> Graph:
    """Return `graph_of` what MODULE:CALLABLE returns, called without arguments.

    What it prints goes to standard error, where it cannot end up in a document. Raises OptionError if `target` is of
    another form, and CallError, with the reason, if the module cannot be imported, the call fails or has no graph.

    >>> call("gradgraph:nothing", graph_of=lambda result: result)
    Traceback (most recent call last):
    gradgraph.errors.CallError: gradgraph:nothing: AttributeError: module 'gradgraph' has no attribute 'nothing'
    """
    module, _, name = target.partition(":")
    if not module or not name:
        raise OptionError(f"say which function, as MODULE:CALLABLE, not {target!r}")
    try:
        with redirect_stdout(sys.stderr):
            found: Any = import_module(module)
            for attribute in name.split("."):
                found = getattr(found, attribute)
            return graph_of(found() if callable(found) else found)
    except (Exception, SystemExit) as error:  # anyone's code runs here: whatever it raises is told in one line
        raise CallError(f"{target}: {type(error).__name__}: {error}") from error
