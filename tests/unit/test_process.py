"""Programs as untrusted work: each way of failing is its own error, and nothing is left running."""

import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gradgraph import Limits, ToolFailed, ToolLimit
from gradgraph.limits import MOST
from gradgraph_renderers.graphviz import process
from gradgraph_renderers.graphviz.process import run
from tests.command import run_cli
from tests.conftest import ROOT

LIMITS = Limits(tool_seconds=1.0, tool_bytes=100_000)


def python(code: str) -> list[str]:
    return [sys.executable, "-S", "-c", code]


def test_output_comes_back():
    assert run(python("import sys; print(sys.stdin.read().upper())"), b"abc", LIMITS) == b"ABC\n"


def test_the_environment_is_empty_but_for_server_name():
    out = run(python("import os; print(sorted(os.environ))"), b"", LIMITS)
    assert {"SERVER_NAME"} <= set(eval(out)) <= {"SERVER_NAME", "LC_CTYPE"}  # noqa: S307  # Python may set the second


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
def test_each_way_of_failing_has_its_own_error(code, error, told, tmp_path):
    note = tmp_path / "finished"
    with pytest.raises(error, match=told):
        run(python(f"{code}\nopen({str(note)!r}, 'w')"), b"x" * 1_000_000, LIMITS)
    assert not note.exists()  # nobody has waited for its end


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
    assert _ends(int(note.read_text()))


DAEMON = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.closerange(0, 3)
        with open({note!r}, "w") as file:
            file.write(str(os.getpid()))
        time.sleep(60)
    os._exit(0)
os.wait()
while not os.path.exists({note!r}) or not os.path.getsize({note!r}):
    time.sleep(0.01)
"""
"""A program that leaves a process in a session of its own, whose parent has ended, without our pipes."""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows the environment of a process")
@pytest.mark.parametrize("end", ["print('done')", "time.sleep(60)"])
def test_a_child_in_a_session_of_its_own_is_found_and_ended(end, tmp_path):
    note = tmp_path / "pid"
    code = DAEMON.format(note=str(note)) + end
    if "done" in end:
        assert run(python(code), b"", Limits()) == b"done\n"
    else:
        with pytest.raises(ToolLimit, match="took longer"):
            run(python(code), b"", LIMITS._replace(tool_seconds=2.0))
    assert _ends(int(note.read_text()))


@pytest.mark.skipif(not process._launcher(), reason="no setpriv with --pdeathsig")
def test_a_program_dies_with_us_even_when_we_are_killed(tmp_path):
    note = tmp_path / "pid"
    code = f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    parent = (
        "from gradgraph import Limits\n"
        "from gradgraph_renderers.graphviz.process import run\n"
        f"run({python(code)!r}, b'', Limits(tool_seconds=60.0))\n"
    )
    with subprocess.Popen([sys.executable, "-c", parent]) as process:
        _wait_for(lambda: note.exists() and note.read_text())
        assert _runs(int(note.read_text()))
        process.kill()
    assert _ends(int(note.read_text()))


def test_without_setpriv_a_program_runs_as_well(monkeypatch):
    monkeypatch.setattr(process, "_launcher", lambda: ())
    assert run(python("print('ran')"), b"", LIMITS) == b"ran\n"
    with pytest.raises(ToolFailed, match="missing cannot be started: No such file"):
        run(["/nowhere/missing"], b"", LIMITS)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds another process")
def test_time_files_and_memory_are_bounded_by_the_kernel():
    names = "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_AS", "RLIMIT_CORE"
    code = f"import sys, resource; sys.stdin.read(); print([resource.getrlimit(getattr(resource, n)) for n in {names}])"
    limits = Limits(tool_seconds=7.5, tool_bytes=5000, tool_memory=1 << 29)
    bounds = [(8, 9), (5000, 5000), (64, 64), (1 << 29, 1 << 29), (0, 0)]
    assert eval(run(python(code), b"", limits)) == bounds  # noqa: S307  # a list of numbers
    endless = run(python(code), b"", Limits(tool_seconds=float(MOST // 2), tool_memory=MOST - 1))
    assert eval(endless)[0][0] == 1 << 30  # noqa: S307  # what no machine has is no error


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds another process")
def test_what_the_kernel_ended_is_told_by_its_limit(tmp_path):
    with pytest.raises(ToolLimit, match="took longer than tool_seconds"):
        run(python("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)"), b"", LIMITS)
    file = tmp_path / "large"
    write = f"import sys; sys.stdin.read(); open({str(file)!r}, 'wb').write(bytes(200_000))"
    with pytest.raises(ToolFailed, match="failed with status 1"):
        run(python(write), b"", LIMITS)
    assert file.stat().st_size <= LIMITS.tool_bytes


def test_a_signal_without_a_name_is_told_by_its_number():
    with pytest.raises(ToolLimit, match=r"ran out of resources \(ended by signal 40\)"):
        run(python("import os; os.kill(os.getpid(), 40)"), b"", LIMITS)


def test_standard_error_is_read_to_its_end_and_its_beginning_kept():
    code = "import sys\nsys.stderr.write('first\\n' + 'x' * 3_000_000)\nsys.stderr.flush()\n"
    assert run(python(code + "print('done')"), b"", LIMITS._replace(tool_seconds=20.0)) == b"done\n"
    with pytest.raises(ToolFailed, match="failed with status 3: first;"):
        run(python(code + "sys.exit(3)"), b"", LIMITS._replace(tool_seconds=20.0))
    said = run(python(code), b"", LIMITS._replace(tool_seconds=20.0), stderr=True)
    assert said.startswith(b"first\nxxx")
    assert len(said) == 1 << 16


def _wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)


def _ends(pid: int) -> bool:
    """Whether a process has ended, or does so within seconds."""
    _wait_for(lambda: not _runs(pid))
    return not _runs(pid)


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


@pytest.mark.parametrize(
    "complaint",
    [
        "Error: out of memory",
        "fork: Cannot allocate memory",
        "dot: error while loading shared libraries: libm.so.6: failed to map segment from shared object",
        'Warning: Could not load "libgvplugin_pango.so.6" - It was found, so perhaps one of its dependents was not.',
    ],
)
def test_a_program_that_complains_of_too_little_memory_ran_out_of_resources(complaint):
    with pytest.raises(ToolLimit, match=r"ran out of resources .*tool_memory"):
        run(python(f"import sys; sys.exit({complaint!r})"), b"", LIMITS)


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
        finished = f"open({str(folder)!r} + '/finished', 'w').close()"
        program.write_text(f"#!{sys.executable} -S\n{note}\n{body}\n{finished}\n")
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
    ran = run_cli("render", example_file, "--layout", "dot", "-o", str(out), "--strict", *limits)
    assert body != BAD_DOTS["hangs"][0] or not (folder / "finished").exists()  # nobody has waited for its end
    assert (ran.returncode, ran.stdout) == (4, "")
    assert len(ran.stderr.splitlines()) == 1
    assert told in ran.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"bin"}
    ran = run_cli("render", example_file, "--layout", "dot", *limits)
    assert ran.returncode == 0
    assert "o = tanh(n)" in ran.stdout
    assert told in ran.stderr
    started = [int(path.name) for path in folder.iterdir() if path.name.isdecimal()]
    assert started
    _wait_for(lambda: not any(_group_runs(pid) for pid in started))
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
