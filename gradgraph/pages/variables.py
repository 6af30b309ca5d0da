"""Variables of a notebook as names of values."""

import sys
from typing import Any

from gradgraph.api import is_live, view_of
from gradgraph.errors import CycleError
from gradgraph.graph.model import Graph
from gradgraph.graph.views import View
from gradgraph.limits import Limits


def shell() -> Any:
    """Return the shell of IPython that this process runs in, None outside one."""
    ipython: Any = sys.modules.get("IPython")  # where a notebook runs, it is loaded
    return None if ipython is None else ipython.get_ipython()


def named_by_variables(what: Any, limits: Limits) -> tuple[Graph | View, str]:
    """Return what `view_of` does, with the names of the notebook's variables, and why it has none of them.

    The reason is "" where there are names, and where there is no notebook, or nothing to name: a graph keeps its
    labels. Raises what `view_of` does.
    """
    running = shell()
    if running is None or not is_live(what):
        return view_of(what, limits), ""
    try:
        return view_of(what, limits, running.user_ns), ""
    except CycleError:
        raise
    except ValueError as error:  # the variables lead to no value of the graph, or to too much
        return view_of(what, limits), str(error)
