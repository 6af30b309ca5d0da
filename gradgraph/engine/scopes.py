"""Named scopes: the group that a value is made in."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from gradgraph.engine.inputs import check_text

_scope: ContextVar[tuple[str, ...]] = ContextVar("gradgraph_scope", default=())

current_scope = _scope.get
"""Return the names of the open scopes, the outermost first."""


@contextmanager
def named_scope(name: str) -> Iterator[None]:
    """Put the values made inside into the group `name`, within the group of any scope around it.

    Entering the same name again goes on with the same group, so that a layer's parameters, made once, and its
    activations, made at each call, stand together.

    >>> from gradgraph import Value
    >>> with named_scope("layer1"), named_scope("neuron0"):
    ...     w = Value(0.5)
    >>> w.scope
    ('layer1', 'neuron0')
    """
    token = _scope.set((*_scope.get(), check_text(name, "the name of a scope")))
    try:
        yield
    finally:
        _scope.reset(token)
