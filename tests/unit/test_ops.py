"""The table of ops: each entry is a method or operator of Value, differentiated, drawn, replayed and listed."""

import ast
import importlib
import inspect
import os
import pickle
import pydoc
import re
import shutil
import subprocess
import sys
from typing import assert_type

import pytest

from gradgraph import Graph, Value, dumps, export, loads, render, to_values, verify
from gradgraph.engine.ops import FUNCTIONS, PRIMITIVES
from gradgraph.engine.value import apply
from gradgraph.testing import parse_text
from gradgraph.visible_text import visible
from tests.conftest import ROOT
from tests.primitives import calls
from tests.readback import dot_draws, edges_of, mermaid_reads, names_of, svg_reads


@pytest.fixture(params=PRIMITIVES)
def op(request):
    return PRIMITIVES[request.param]


@pytest.fixture
def made(op) -> list[Value]:
    """The results of the primitive on sample points, each after its own backward pass."""
    results = []
    for primals, params in calls(op):
        result = apply(op, tuple([Value(primal, "xy"[slot]) for slot, primal in enumerate(primals)]), params)
        result.backward()
        results.append(result)
    return results


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_a_plain_method_of_value(name):
    method = getattr(Value, name)
    assert name in dir(Value)
    assert inspect.isfunction(method)
    assert FUNCTIONS[name].doc
    assert re.search(rf"{name}\(self.*\n *{re.escape(FUNCTIONS[name].doc)}", pydoc.plain(pydoc.render_doc(method)))
    assert pickle.loads(pickle.dumps(method)) is method  # noqa: S301
    operand = Value(0.5)
    result = method(operand)
    assert (result.op, result.operands) == (FUNCTIONS[name], (operand,))
    assert result._op == name
    assert repr(result.data) == repr(FUNCTIONS[name].forward((0.5,), {}))


def test_no_function_has_the_name_of_anything_else_in_value():
    tree = ast.parse(inspect.getsource(Value))
    names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)} | set(Value.__slots__)
    assert not names & FUNCTIONS.keys()


def test_type_checkers_know_the_functions_and_no_others():
    class Parameter(Value):
        pass

    assert_type(Value(1.0).tanh(), Value)
    assert_type(Parameter(1.0).tanh(), Value)
    assert_type([*map(Value.tanh, [Value(1.0)])], list[Value])
    with pytest.raises(AttributeError):
        Value(1.0).tahn()  # type: ignore[attr-defined]


def test_a_drawing_in_text_shows_it(op, made):
    for result in made:
        graph = export(result)
        drawing = str(render(graph, "text", width=0))
        assert parse_text(drawing).expressions[-1] == graph[-1].operands
        assert symbol_of(graph) in drawing.partition("\n\n")[0].rpartition(" = ")[2]


def test_pictures_show_it(op, made, dot, layout_engine):
    graph = export(made[-1])
    circle = f"n{graph[-1].id}op"
    for texts, edges in (
        dot_draws(dot, str(render(graph, "dot"))),
        svg_reads(str(render(graph, "svg", strict=True))),
    ):
        assert texts[circle] == [symbol_of(graph)]
        assert edges == edges_of(graph)
    mermaid = str(render(graph, "mermaid"))
    assert mermaid_reads(mermaid) == (names_of(graph), edges_of(graph))
    (shown,) = re.findall(rf'{circle}\(\("(.*)"\)\)', mermaid)
    assert re.sub("#([0-9]+);", lambda entity: chr(int(entity[1])), shown) == symbol_of(graph)


def symbol_of(graph: Graph) -> str:
    return visible(graph.symbol(graph[-1]))


def test_documents_are_replayed(op, made):
    for result in made:
        graph = loads(dumps(export(result)))
        assert verify(graph) == ()
        again = to_values(graph)[-1]
        again.backward()
        assert export(again) == graph


def test_the_docs_list_it(op, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "docs/_ext")
    table = importlib.import_module("op_table")
    rows = "".join(table.lines()).split("* -")
    assert sum(f"``{op.name}``" in row and table.in_python(op) in row and op.doc in row for row in rows) == 1
    names = {"a": Value(0.5), "b": Value(1.5)}
    assert eval(table.in_python(op), names).op is op  # noqa: S307


# The name is none that the table will ever have.
NEW = """
    softplus_of_a_copy = Function("The logarithm of 1 + e^self.",
        lambda x: max(x, 0.0) + math.log1p(math.exp(-operator.abs(x))), lambda out, x: (ieee.sigmoid(x),))
"""


def test_a_new_primitive_is_one_entry(tmp_path, dot, layout_engine):
    """A copy of the project gets one entry in the table. The tests that go over the table then judge it."""
    for folder in ("gradgraph", "renderers", "schemas", "docs/_ext", "tests/unit", "tests/properties"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for path in [ROOT / "pyproject.toml", *(ROOT / "tests").glob("*.py")]:
        shutil.copy(path, tmp_path / path.relative_to(ROOT))
    table = tmp_path / "gradgraph/engine/ops.py"
    source = table.read_text(encoding="utf-8")
    end = next(each for each in ast.parse(source).body if getattr(each, "name", "") == "Functions").end_lineno
    lines = source.splitlines(keepends=True)
    table.write_text("".join([*lines[:end], NEW, *lines[end:]]), encoding="utf-8")
    folders = os.pathsep.join([str(tmp_path), str(tmp_path / "renderers"), str(tmp_path / "schemas")])
    environment = {name: text for name, text in os.environ.items() if not name.startswith("COV")}  # counts no copy
    environment["PYTHONPATH"] = folders
    tests = ("tests/unit/test_ops.py", "tests/properties/test_gradients.py")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "-k", "softplus_of_a_copy", *tests],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=tmp_path,
        env=environment,
    )
    assert ran.returncode == 0, ran.stdout
    passed = re.findall(r"::test_(\w+)\[softplus_of_a_copy\] PASSED", ran.stdout)
    assert {
        "a_function_is_a_plain_method_of_value",
        "every_primitive_agrees_with_central_differences",
        "a_drawing_in_text_shows_it",
        "pictures_show_it",
        "documents_are_replayed",
        "the_docs_list_it",
    } <= {*passed}
