"""`render --jobs` draws in processes what it draws in one, whatever happens to them."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import run_process
from tests.conftest import ROOT
from tests.faults import processes_in, processes_left_in
from tests.integration.test_kill import started, wait_for

NEURON = (ROOT / "examples/neuron.json").read_bytes()


def neurons(folder: Path, number: int) -> list[str]:
    names = [f"{index:04}.json" for index in range(number)]
    for index, name in enumerate(names):
        (folder / name).write_bytes(NEURON.replace(b'"label": "o"', b'"label": "o%d"' % index))
    return names


def drawn(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.usefixtures("measured")
def test_any_number_of_jobs_draws_the_same_and_one_bad_document_spoils_nothing(dot, tmp_path):
    names = neurons(tmp_path, 40)
    (tmp_path / names[7]).write_text("{")
    ran = {}
    for jobs in ("1", "2", "5"):
        ran[jobs] = run_process("render", *names, "-o", f"out{jobs}/", "--jobs", jobs, cwd=tmp_path)
        assert ran[jobs].returncode == 1
        assert ran[jobs].stdout == ""
        assert ran[jobs].stderr == ran["1"].stderr
    assert ran["1"].stderr.startswith("0007.json:1:")
    assert len(ran["1"].stderr.splitlines()) == 1
    pictures = drawn(tmp_path / "out1")
    assert len(pictures) == 39
    assert pictures == drawn(tmp_path / "out2") == drawn(tmp_path / "out5")


def test_text_in_place_of_pictures_is_told_as_without_jobs(without_engine, tmp_path):
    names = neurons(tmp_path, 3)
    one, two = (run_process("render", *names, "-o", "out/", "--jobs", jobs, cwd=tmp_path) for jobs in ("1", "2"))
    assert one.returncode == two.returncode == 0
    assert one.stderr == two.stderr
    assert one.stderr.startswith(f"wrote {Path('out/0000.txt')}: no svg: `dot` is not installed; use --layout layered")
    assert sorted(drawn(tmp_path / "out")) == ["0000.txt", "0001.txt", "0002.txt"]


def test_standard_input_is_one_of_many(dot, tmp_path):
    ran = subprocess.run(
        [sys.executable, "-m", "gradgraph", "render", "-", *neurons(tmp_path, 3), "-o", "out/", "--jobs", "2"],
        input=NEURON,
        cwd=tmp_path,
        check=True,
    )
    assert ran.returncode == 0
    assert sorted(drawn(tmp_path / "out")) == ["0000.svg", "0001.svg", "0002.svg", "stdin.svg"]


def test_two_inputs_of_one_name_are_refused_before_anything_is_drawn(tmp_path):
    (name,) = neurons(tmp_path, 1)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "0000.yaml").write_bytes(NEURON)
    ran = run_process("render", name, "other/0000.yaml", "-o", "out/", "--jobs", "2", cwd=tmp_path)
    assert ran.returncode == 2
    assert "would be drawn into the same file" in ran.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("number", "whole_group"),
    [(signal.SIGINT, True), (signal.SIGINT, False), (signal.SIGTERM, False), (signal.SIGKILL, False)],
)
def test_a_signal_leaves_nothing_behind(number, whole_group, tmp_path):
    """Neither the slow `dot` nor a worker, nor a file; a terminal sends its signal to the whole group."""
    names = neurons(tmp_path, 6)
    with started(tmp_path, "render", *names, "-o", "out/", "--jobs", "2", start_new_session=True) as process:
        wait_for(lambda: sum("sleep" in found for found in processes_in(tmp_path)) >= 4)
        (os.killpg if whole_group else os.kill)(process.pid, number)
        assert process.stderr
        told = process.stderr.read()
    assert processes_left_in(tmp_path) == []
    assert not (tmp_path / "out").exists()
    if number != signal.SIGKILL:  # of which Python's own tracker of resources tells
        assert told == b""
        assert process.returncode == 128 + number


DEADLY = """
import os
from gradgraph_renderers.svg.renderer import SvgRenderer
draw = SvgRenderer.render
def render(self, view, options, limits):
    if any(node.label == "o3" for node in view.graph):
        os._exit(9)
    return draw(self, view, options, limits)
SvgRenderer.render = render
"""


def test_a_worker_that_dies_costs_its_own_picture_only(dot, tmp_path):
    names = neurons(tmp_path, 12)
    (tmp_path / "sitecustomize.py").write_text(DEADLY)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    ran = run_process("render", *names, "-o", "out/", "--jobs", "2", cwd=tmp_path, env=environment)
    assert ran.returncode == 4
    assert ran.stderr == "0003.json: the process that drew it was ended; draw less of the graph\n"
    assert sorted(drawn(tmp_path / "out")) == [f"{index:04}.svg" for index in range(12) if index != 3]


def test_progress_is_shown_at_a_terminal_only(tmp_path):
    names = neurons(tmp_path, 3)
    command = [sys.executable, "-m", "gradgraph", "render", *names, "-f", "text", "-o", "out/", "--jobs", "2"]
    ours, theirs = os.openpty()
    subprocess.run(command, cwd=tmp_path, stderr=theirs, check=True)
    os.close(theirs)
    assert b"100%" in os.read(ours, 10_000)
    os.close(ours)
    assert subprocess.run(command, cwd=tmp_path, stderr=subprocess.PIPE, check=True).stderr == b""
