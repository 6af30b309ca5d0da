"""An engine as programs use it, and our own Value as one of them."""

import importlib
import sys
import types
from pathlib import Path

from gradgraph import Value

from .engines import Engine

FOLDER = Path(__file__).parents[2] / ".venv" / "real-engines"
"""Each engine is in the folder of its name here, without what it depends on."""

ACTIVATIONS = ("tanh", "relu", "sigmoid", "exp")


class NotThereError(Exception):
    """The engine has no such function."""


class Live:
    """A class of values, and how it is spelled."""

    def __init__(self, engine, cls):
        self.engine, self.cls = engine, cls

    def leaves(self, numbers):
        return [self.engine.leaf(self.cls, x, f"v{at}") for at, x in enumerate(numbers)]

    def call(self, name, value):
        """Return a function of a value, by the engine's function or its method."""
        if name in self.engine.functions:
            module, function = self.engine.functions[name]
            found = getattr(importlib.import_module(module), function, None)
            if found is not None:
                return found(value)
        method = getattr(value, name, None) or getattr(value, name.capitalize(), None)
        if not callable(method):
            raise NotThereError(name)
        return method()

    def activation(self, value):
        """Return the first activation that the engine has, or the square."""
        for name in ACTIVATIONS:
            try:
                return self.call(name, value)
            except NotThereError:
                continue
        return value * value

    def data(self, value):
        return _number(getattr(value, self.engine.data))

    def grad(self, value):
        return _number(getattr(value, self.engine.grad))

    def backward(self, value):
        getattr(value, self.engine.backward)()

    def step(self, leaves):
        """Move each leaf against its gradient, as training does."""
        data, grad = self.engine.data, self.engine.grad
        for leaf in leaves:
            setattr(leaf, data, getattr(leaf, data) - 0.1 * getattr(leaf, grad))

    def forget_gradients(self, leaves):
        for leaf in leaves:
            setattr(leaf, self.engine.grad, getattr(leaf, self.engine.grad) * 0)


def _number(x):
    """Return a number of whatever type as a float; some gradients are values, too."""
    if hasattr(x, "data") and hasattr(x, "grad"):
        x = x.data
    return float(x.item() if hasattr(x, "item") else x)


OURS = Live(Engine("gradgraph", "gradgraph:Value", leaf=lambda cls, x, label: cls(x, label=label)), Value)


def load(engine):
    """Import an engine from its folder. It stays on the path: call this in a process of its own."""
    sys.path.insert(0, str(FOLDER / engine.name / engine.path))
    for stub in engine.stubs:
        sys.modules[stub] = types.ModuleType(stub)
    module, _, name = engine.where.partition(":")
    live = Live(engine, getattr(importlib.import_module(module), name))
    live.leaves([1.5])
    return live
