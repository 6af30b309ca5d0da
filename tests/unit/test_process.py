"""Programs as untrusted work: each way of failing is its own error, and nothing is left running."""

import re
import sys
import time
from pathlib import Path

import pytest

from gradgraph import Limits, ToolFailed, ToolLimit, render
from gradgraph_renderers._process import run
from tests.conftest import ROOT, example, run_cli

LIMITS = Limits(tool_seconds=1.0, tool_bytes=100_000)


def python(code: str) -> list[str]:
    return [sys.executable, "-S", "-c", code]


def test_output_comes_back():
    assert run(python("import sys; print(sys.stdin.read().upper())"), b"abc", LIMITS) == b"ABC\n"


def test_the_environment_is_empty_but_for_server_name():
    out = run(python("import os; print(sorted(os.environ))"), b"", LIMITS)
    assert set(eval(out)) <= {"SERVER_NAME", "LC_CTYPE"}  # noqa: S307  # Python itself may set the second


@pytest.mark.parametrize(
    ("code", "error", "told"),
    [
        ("import time; time.sleep(60)", ToolLimit, "took longer than tool_seconds = 1"),
        ("while True: print('x' * 1000)", ToolLimit, "printed more than tool_bytes = 100000"),
        ("import os; os.kill(os.getpid(), 9)", ToolLimit, r"ran out of resources \(ended by SIGKILL\)"),
        ("import sys; sys.exit('Error: bad\\nmore')", ToolFailed, "failed with status 1: Error: bad;"),
        ("import os, time; os.close(1); time.sleep(60)", ToolLimit, "took longer"),
    ],
)
def test_each_way_of_failing_has_its_own_error(code, error, told):
    began = time.monotonic()
    with pytest.raises(error, match=told):
        run(python(code), b"x" * 1_000_000, LIMITS)
    assert time.monotonic() - began < 10


def test_a_program_that_is_not_there():
    with pytest.raises(ToolFailed, match="missing cannot be started: No such file"):
        run(["/nowhere/missing"], b"", LIMITS)


def test_children_are_killed_with_their_parent(tmp_path):
    note = tmp_path / "pid"
    code = (
        "import os, time\n"
        "if os.fork() == 0:\n"
        f"    open({str(note)!r}, 'w').write(str(os.getpid()))\n"
        "    time.sleep(60)\n"
        "time.sleep(0.3)\n"
    )
    with pytest.raises(ToolLimit):
        run(python(code), b"", LIMITS)
    child = int(note.read_text())
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and _runs(child):
        time.sleep(0.05)
    assert not _runs(child)


def _runs(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False


def test_memory_is_bounded():
    if sys.platform != "linux":
        pytest.skip("only Linux bounds the memory of another process")
    code = "import sys; sys.stdin.read(); block = bytearray(1 << 30); print(len(block))"
    with pytest.raises((ToolLimit, ToolFailed), match=r"MemoryError|out of resources|status 1"):
        run(python(code), b"", LIMITS._replace(tool_memory=256 << 20, tool_seconds=20.0))
    assert run(python(code), b"", LIMITS._replace(tool_memory=4 << 30, tool_seconds=20.0)) == b"1073741824\n"


def test_a_program_that_says_it_is_out_of_memory_ran_out_of_resources():
    with pytest.raises(ToolLimit, match=r"ran out of resources .*tool_memory"):
        run(python("import sys; sys.exit('Error: out of memory')"), b"", LIMITS)


BAD_DOTS = {
    "hangs": ("import time; time.sleep(60)", "dot took longer than tool_seconds = 1"),
    "forks children that hang": (
        "import os, time\nfor _ in range(3):\n    if os.fork() == 0: time.sleep(60)\n",
        "dot took longer than tool_seconds = 1",
    ),
    "prints garbage": ("print('garbage')", "dot answered with no layout"),
    "prints JSON of another kind": ("print('{}')", "dot answered with no layout"),
    "prints a list": ("print('[1]')", "dot answered with no layout"),
    "prints 1 GB": ("import sys\nfor _ in range(1 << 14): sys.stdout.write('x' * (1 << 16))", "dot printed more than"),
    "exits by signal": ("import os; os.kill(os.getpid(), 11)", "dot ran out of resources (ended by SIGSEGV)"),
    "fails": ("import sys; sys.exit('Error: syntax error in line 1')", "status 1: Error: syntax error in line 1"),
    "fails in silence": ("import sys; sys.exit(3)", "dot failed with status 3: it said nothing"),
    "is version 2.20": (
        "import sys; sys.exit('Format: \"json0\" not recognized. Use one of: canon cmap dot png svg')",
        "dot cannot write json0: it is too old",
    ),
}


@pytest.fixture
def bad_dot(tmp_path, monkeypatch):
    """Puts a program called dot on PATH, alone, and tells the folder it notes its process ids in."""

    def install(body: str) -> Path:
        folder = tmp_path / "bin"
        folder.mkdir()
        program = folder / "dot"
        note = f"import os; open({str(folder)!r} + '/' + str(os.getpid()), 'w').close()"
        program.write_text(f"#!{sys.executable} -S\n{note}\n{body}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(folder))
        return folder

    return install


@pytest.mark.parametrize(("body", "told"), BAD_DOTS.values(), ids=BAD_DOTS)
def test_a_bad_dot_is_told_by_its_own_error_and_leaves_nothing_behind(body, told, bad_dot, tmp_path):
    folder = bad_dot(body)
    out = tmp_path / "neuron.svg"
    limits = "--limit", "tool_seconds=1", "--limit", "tool_bytes=1000000"
    example_file = str(ROOT / "examples/neuron.json")
    began = time.monotonic()
    ran = run_cli("render", example_file, "--layout", "dot", "-o", str(out), "--strict", *limits)
    assert time.monotonic() - began < 20
    assert (ran.returncode, ran.stdout) == (4, "")
    assert len(ran.stderr.splitlines()) == 1
    assert told in ran.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"bin"}
    ran = run_cli("render", example_file, "--layout", "dot", *limits)
    assert ran.returncode == 0
    assert "o = tanh(n)" in ran.stdout
    assert told in ran.stderr
    deadline = time.monotonic() + 5
    started = [int(path.name) for path in folder.iterdir() if path.name != "dot"]
    assert started
    while any(_group_runs(pid) for pid in started) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(_group_runs(pid) for pid in started)


def _group_runs(group: int) -> bool:
    """Whether a process of that group is left, other than as a zombie."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group = stat.read_text().rsplit(")", 1)[1].split()[:3]
        except OSError:
            continue
        if int(its_group) == group and state != "Z":
            return True
    return False


def test_doctor_tells_a_dot_that_is_broken_or_old(bad_dot):
    bad_dot("import sys\nif '-V' in sys.argv: sys.exit('dot - graphviz version 2.20.3 (x)')\nprint('garbage')")
    ran = run_cli("doctor")
    assert ran.returncode == 0
    assert "broken: dot answered with no layout" in ran.stdout


def test_doctor_tells_which_dot_works(dot, tmp_path, monkeypatch):
    assert re.search(r"^layout dot +works, version \d", run_cli("doctor").stdout, re.MULTILINE)
    wrapper = tmp_path / "dot"
    wrapper.write_text(
        f'#!/bin/sh\n[ "$1" = -V ] && {{ echo "dot - graphviz version 2.42.1 (0)" >&2; exit 0; }}\nexec {dot} "$@"\n'
    )
    wrapper.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "works, version 2.42.1, older than 2.43, the newest tested: update Graphviz" in run_cli("doctor").stdout


def test_a_graph_too_large_to_lay_out_is_not_started_on(layout_engine):
    with pytest.raises(ToolLimit, match="15 boxes and circles are more than max_drawn = 3"):
        render(example("neuron"), "svg", strict=True, limits=Limits(max_drawn=3))
