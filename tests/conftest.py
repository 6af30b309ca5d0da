"""What tests share: programs they may need, the example graphs, and the switch that rewrites goldens."""

import os
import shutil
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from gradgraph import Graph, ToolMissing, export
from gradgraph.drawing.registry import find_layout
from gradgraph_renderers.svg.placing import choose_engine

GATE = 60
"""Examples of a property in the gate, the same ones each time."""

settings.register_profile("gate", max_examples=GATE, deadline=None, derandomize=True, database=None)
settings.register_profile("fuzz", max_examples=1000, deadline=None, print_blob=True)
settings.load_profile("gate")  # unless --hypothesis-profile names another, as in `make fuzz`

ROOT = Path(__file__).parent.parent


def pytest_addoption(parser):
    parser.addoption("--update-goldens", action="store_true", help="accept the drawings as they are now")
    parser.addoption("--labels", type=int, default=400, help="how many labels pydot, dot and mermaid.js read")


@pytest.fixture
def label_count(request) -> int:
    """How many labels a costly judge reads: a sample in the gate, all with `make labels`."""
    count: int = request.config.getoption("--labels")
    return count


def need(program: str, found: object) -> None:
    """Skip when a program is missing, or fail where every program must be there."""
    if found:
        return
    reason = f"{program} is not installed"
    if os.environ.get("GRADGRAPH_REQUIRE_TOOLS") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def dot() -> str:
    """The path of `dot`."""
    found = shutil.which("dot")
    need("dot", found)
    return str(found)


@pytest.fixture
def layout_engine() -> str:
    """The name of the layout engine of small pictures."""
    try:
        return choose_engine("auto").name
    except ToolMissing:
        need("the layout engine of small pictures", None)
        raise


@pytest.fixture(params=["dot", "layered"])
def each_engine(request, monkeypatch) -> str:
    """The name of each of our layout engines in turn, which draws whatever names none."""
    name: str = request.param
    need(name, find_layout(name).availability() is None)
    monkeypatch.setenv("GRADGRAPH_LAYOUT", name)
    return name


@pytest.fixture
def no_engine(monkeypatch, tmp_path):
    """A machine without `dot`, on which small pictures have no layout engine unless `layered` is chosen."""
    monkeypatch.setenv("PATH", str(tmp_path))


def examples(most: int, **more: Any) -> settings:
    """Settings of a property with this many examples in the gate, and more in `make fuzz` in proportion."""
    return settings(max_examples=most * settings().max_examples // GATE, **more)


def example(name: str, *arguments: Any) -> Graph:
    """The graph that the function NAME of examples/NAME.py gives for these arguments."""
    return export(getattr(import_module(name), name)(*arguments))


COVERAGE = "COVERAGE_PROCESS_CONFIG"
"""By this variable coverage measures programs, https://coverage.readthedocs.io/en/latest/subprocess.html."""


@pytest.fixture(scope="session", autouse=True)
def how_to_measure():
    """How coverage measures programs, which it does not unless a test asks: some are killed, or are on a budget."""
    with pytest.MonkeyPatch.context() as patch:
        how = os.environ.get(COVERAGE)
        patch.delenv(COVERAGE, raising=False)
        yield how


@pytest.fixture
def measured(how_to_measure, monkeypatch):
    """Coverage measures the programs of this test, which run code that no test runs in its own process.

    It takes 0.1 s for a command and 0.6 s for a build of pages.
    """
    if how_to_measure:
        monkeypatch.setenv(COVERAGE, how_to_measure)


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory):
    """The tests keep plug-ins of `dot` in a cache of their own, and start `dot` leanly as users do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def without_engine(tmp_path, monkeypatch):
    """Programs started by the test find no `dot`."""
    folder = tmp_path / "without-engine"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
