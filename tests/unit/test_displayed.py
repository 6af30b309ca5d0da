"""Displays are plug-ins: the engine works without every room above it, and what shows itself never raises."""

import subprocess
import sys

import pytest

from gradgraph import Value, entry_points, export, render
from gradgraph.displayed import Displayed

ENGINE_ALONE = """
import sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        rooms = "api cli document drawing graph interop pages plugins replay testing tracing".split()
        if name.partition(".")[0] in ("gradgraph_renderers", "gradgraph_schemas", "msgspec", "click"):
            raise ImportError(f"{name} is hidden")
        if name.split(".")[:2] in [["gradgraph", room] for room in rooms]:
            raise ImportError(f"{name} is hidden")

sys.meta_path.insert(0, Hidden())
from gradgraph import Value, named_scope
with named_scope("layer"):
    o = (Value(2.0, label="x") * Value(-3.0, label="w") + 6.5).tanh()
o.backward()

class FakeIPython:
    def show(self, what):
        return what._repr_mimebundle_(include=None, exclude=None)

print(FakeIPython().show(o)["text/plain"], o.grad, o.operands[0].grad)
print([name for name in sys.modules if name.startswith("gradgraph.") and name.count(".") > 1])
"""


def test_the_engine_works_with_every_other_room_hidden():
    ran = subprocess.run([sys.executable, "-c", ENGINE_ALONE], capture_output=True, encoding="utf-8", check=True)
    shown, loaded = ran.stdout.splitlines()
    value = (Value(2.0) * -3.0 + 6.5).tanh()
    value.backward()
    assert shown == f"{value!r} {value.grad} {value.operands[0].grad}"
    assert "gradgraph.engine.value" in loaded
    assert "gradgraph.graph" not in loaded


class Broken(Displayed):
    def _displayed(self):
        raise RuntimeError("not today")

    def __repr__(self):
        raise RuntimeError("nor ever")


@pytest.mark.parametrize("what", [Value(1.0), export(Value(1.0)), render(Value(1.0), "text")], ids=type)
def test_without_a_display_there_is_the_repr(what, monkeypatch):
    monkeypatch.setattr(entry_points, "claims", lambda group: {})
    assert what._repr_mimebundle_() == {"text/plain": repr(what)}


def test_a_display_never_raises():
    assert "Broken" in Broken()._repr_mimebundle_()["text/plain"]


def test_a_display_takes_what_newer_versions_of_ipython_may_pass():
    assert "text/plain" in Value(1.0)._repr_mimebundle_(include={"text/plain"}, exclude=None, more=1)
