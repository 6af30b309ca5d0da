"""Programs as untrusted work: each way of failing is its own error, and nothing is left running."""

import sys
import time
from pathlib import Path

import pytest

from gradgraph import Limits, ToolFailed, ToolLimit, render
from gradgraph_renderers._process import run
from tests.conftest import example

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


def fake_dot(folder: Path, body: str) -> None:
    program = folder / "dot"
    program.write_text(f"#!{sys.executable} -S\n{body}\n")
    program.chmod(0o755)


@pytest.mark.parametrize("body", ["print('garbage')", "print('{}')", "print('[1]')", "import sys; sys.exit(3)"])
def test_a_dot_that_answers_nonsense_leaves_the_text_drawing(body, tmp_path, monkeypatch):
    fake_dot(tmp_path, body)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.warns(match="no svg: dot"):
        assert render(example("neuron"), "svg").degraded_from == "svg"


def test_a_graph_too_large_to_lay_out_is_not_started_on(layout_engine):
    with pytest.raises(ToolLimit, match="15 boxes and circles are more than max_drawn = 3"):
        render(example("neuron"), "svg", strict=True, limits=Limits(max_drawn=3))
