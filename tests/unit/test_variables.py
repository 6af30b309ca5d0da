"""options.names: what has no label has the name of the notebook's variable."""

from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from gradgraph import Limits, OptionError, Value, export, options, render
from gradgraph.pages.variables import named_by_variables
from gradgraph.tracing import naming

IMPORTS = "import types, gradgraph\nmine = types.ModuleType('mine')\nfrom gradgraph import Value, display, export\n"


@pytest.fixture
def cell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Any]:
    """Run a cell as a notebook does; returns the text of what its last line shows."""
    shell: Any = InteractiveShell()
    shell.display_formatter.active_types = ["text/plain"]
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    shell.run_cell(IMPORTS + "gradgraph.options.formats = ()\ngradgraph.options.names = True", store_history=True)

    def run(source: str) -> str:
        capsys.readouterr()
        ran = shell.run_cell(source, store_history=True)
        ran.raise_error()
        return capsys.readouterr().out

    yield run
    options.reset()
    shell.history_manager.end_session()


def test_the_last_line_of_a_cell_names_what_has_no_label(cell):
    shown = cell("x, w = Value(2.0), Value(-3.0, label='weight')\nout = (x * w).tanh()\nout")
    assert "out = tanh(n2)" in shown
    assert "x * weight" in shown
    assert cell("[out.label, x.label, out.scope, x.role]").endswith("['', '', (), 'input']\n")
    assert " row[0]\n" in cell("row = [Value(5.0)]\nrow[0] * 3")
    assert "= x * n1" in cell("later = x\nlater * 2")


def test_what_the_notebook_keeps_for_itself_names_nothing(cell):
    cell("Value(7.0)")
    cell("def f(v=_):\n    return v * 2\nmine.kept = _hidden = _\nfound = f()")
    assert cell("In[-1], Out[2] is _hidden is mine.kept").endswith("('In[-1], Out[2] is _hidden is mine.kept', True)\n")
    assert cell("found").splitlines()[2:5] == [
        "○    n0     7     –",
        "│ ◇  n1     2     –",
        "●─╯  n2    14     –  found = n0 * n1",
    ]


def test_display_in_a_cell_and_names_of_its_own(cell):
    cell("x = Value(2.0)\ny = x * 3")
    assert "y = x * n1" in cell("display(y, formats='text')")
    other = cell("display(y, names={'apple': x}, formats='text')")
    assert "apple" in other
    assert "y =" not in other
    cell("gradgraph.options.names = False")
    assert "y =" not in cell("display(y)")


def test_graphs_have_their_labels_already(cell):
    cell("x = Value(2.0)\ng = export(x * 2)\nv = gradgraph.focus(g, 0)")
    for name in ("g", "v"):
        shown = cell(name)
        assert "name = expression" in shown
        assert "no names" not in shown
        assert " x" not in shown


def test_why_there_are_no_names_is_below_the_text(cell, monkeypatch):
    assert "(no names of variables: names= leads to no value of this graph" in cell("Value(2.0) * 3")
    monkeypatch.setattr(naming, "MOST_OPENED", 10)
    shown = cell("rows = [[1.0] for _ in range(100)]\nx = Value(2.0)\nx")
    assert "name = expression" in shown
    assert "(no names of variables: names= leads to more than 10 containers" in shown
    loop = cell("loop = Value(1.0)\nloop.operands = (loop,)\nloop")
    assert "no drawing: " in loop
    assert "cycle" in loop


def test_outside_a_notebook_there_are_no_variables():
    options.names = True
    try:
        value = Value(2.0)
        assert named_by_variables(value, Limits()) == (export(value), "")
        assert value._repr_mimebundle_(include={"text/plain"})["text/plain"] == str(render(value, "text"))
        with pytest.raises(OptionError, match="names takes true or false, not 'yes'"):
            options.names = "yes"
    finally:
        options.reset()
