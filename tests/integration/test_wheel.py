"""The built wheel, by itself."""

import os
import subprocess
import sys
import zipfile

import pytest

from tests.conftest import ROOT

pytest.importorskip("hatchling", reason="hatchling is not installed")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_it_holds_the_three_packages_and_their_data(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if not name.startswith("gradgraph-")} == {
        "gradgraph",
        "gradgraph_renderers",
        "gradgraph_schemas",
    }
    assert "gradgraph_schemas/v1/graph-1.0.schema.json" in names
    assert {f"gradgraph/service/page/page.{suffix}" for suffix in ("html", "js", "css")} <= set(names)
    assert {f"{package}/py.typed" for package in ("gradgraph", "gradgraph_renderers", "gradgraph_schemas")} <= set(
        names
    )


def test_it_draws_when_only_the_wheel_is_there(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = (
        "import sys; sys.path = [p for p in sys.path if 'editable' not in p];"
        "import gradgraph; assert gradgraph.__file__.startswith(sys.argv[1]), gradgraph.__file__;"
        "print(gradgraph.render(gradgraph.Value(2.0, 'a') ** 2, 'text'))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert "a**2" in ran.stdout, ran.stderr
