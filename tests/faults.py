"""Every write, rename, fsync, spawn and read of a command fails once, and SIGTERM comes at every one of them.

`python -m tests.faults` tries all of them. A command then ends with a documented exit code and says why in one line at
most; each file is the old one or the new one, whole; and neither a temporary file nor a process is left.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from signal import SIGTERM
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.conftest import ROOT

OLD = b"old\n"
INPUTS = {
    "a.json": (ROOT / "examples/neuron.json").read_bytes(),
    "b.json": (ROOT / "examples/mlp.json").read_bytes(),
    "mine.py": b"from gradgraph import Value\ndef graph():\n    return Value(2.0, label='x') ** 2\n",
}
FAULTS: dict[str, tuple[str, ...]] = {
    "open": ("EMFILE",),
    "read": ("EIO",),
    "write": ("ENOSPC",),
    "mode": ("EPERM",),
    "fsync": ("EIO",),
    "rename": ("EACCES",),
    "folder": ("EROFS",),
    "spawn": ("EAGAIN",),
    "feed": (),  # a pipe to a program that lives cannot fail; SIGTERM comes there all the same
    "answer": (),
}
"""The kinds of calls that tests/faulty.py counts, with the error that each fails with."""
SIGNALS = ("before", "after")
"""When SIGTERM comes, of a call of any kind."""


class Case(NamedTuple):
    """A command, and the files it writes."""

    arguments: tuple[str, ...]
    targets: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join(self.arguments)


def case(arguments: str, *targets: str) -> Case:
    return Case(tuple(arguments.split()), targets)


CASES = (
    case("render a.json -o out.svg", "out.svg"),
    case("render a.json -o out.svg --strict", "out.svg"),
    case("render a.json -o out.png", "out.png"),
    case("render a.json -f text"),
    case("render a.json -f svg"),
    case("render - -f mermaid -o new.mmd", "new.mmd"),
    case("render a.json b.json -f svg -o drawn/", "drawn/a.svg", "drawn/b.svg"),
    case("convert a.json out.yaml", "out.yaml"),
    case("convert a.json out.dot", "out.dot"),
    case("convert a.json -"),
    case("export mine:graph -o out.json", "out.json"),
    case("validate a.json b.json"),
    case("validate -"),
    case("verify a.json"),
    case("diff a.json b.json"),
    case("info a.json --json"),
)
FRESH = ("new.mmd", "drawn/a.svg", "drawn/b.svg")
"""Targets that are not there before."""


class Ran(NamedTuple):
    status: int
    stdout: bytes
    stderr: bytes
    files: dict[str, bytes]
    left: list[str]
    """Processes that still work in the folder, and unfinished folders in the cache."""
    calls: dict[str, int] | None
    """How many calls of each kind there were; None if there was a fault."""


@cache
def sound(case: Case) -> Ran:
    """What the command does when nothing fails."""
    return run(case)


@cache
def text_of(name: str) -> bytes:
    """The text that stands in for a picture of this document."""
    return sound(case(f"render {name} -f text --fold auto")).stdout


def run(case: Case, fault: str = "none:0:EIO") -> Ran:
    """Run the command in a folder of its own, with this fault."""
    with TemporaryDirectory() as outside:
        folder = Path(outside) / "work"
        folder.mkdir()
        for name, content in INPUTS.items():
            (folder / name).write_bytes(content)
        for name in case.targets:
            if name not in FRESH:
                (folder / name).write_bytes(OLD)
        note = Path(outside) / "note"
        (Path(outside) / "sitecustomize.py").write_text("from tests.faulty import install\ninstall()\n")
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([outside, str(ROOT), *sys.path]),
            "PYTHONDONTWRITEBYTECODE": "1",
            "XDG_CACHE_HOME": str(Path(outside) / "cache"),
            "FAULT": fault,
            "FAULT_NOTE": str(note),
            "FAULT_FOLDER": str(folder),
        }
        ran = subprocess.run(
            [sys.executable, "-m", "gradgraph", *case.arguments],
            cwd=folder,
            env=environment,
            input=INPUTS["a.json"],
            capture_output=True,
            check=False,
            timeout=120,
        )
        noted = json.loads(note.read_text() or "null") if note.exists() else {}
        files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        left = processes_left_in(folder) + [str(path) for path in Path(outside).glob("cache/gradgraph/.*")]
        return Ran(ran.returncode, ran.stdout, ran.stderr, files, left, noted)


def processes_left_in(folder: Path) -> list[str]:
    """The processes whose current folder this is, which is where a command starts programs. They get time to end."""
    for _ in range(50):
        if not (found := processes_in(folder)):
            break
        time.sleep(0.1)
    return found


def processes_in(folder: Path) -> list[str]:
    """The processes whose current folder this is: what a command starts works where the command does."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() == folder and "State:\tZ" not in (process / "status").read_text():
                found.append((process / "cmdline").read_text())
        except OSError:
            continue
    return found


def faults_of(case: Case) -> Iterator[str]:
    """Every fault there is for a command: each of its calls, with each of the ways it can go wrong."""
    for kind, number in (sound(case).calls or {}).items():
        for action in (*FAULTS[kind], *SIGNALS):
            yield from (f"{kind}:{k}:{action}" for k in range(1, number + 1))


def check(case: Case, fault: str) -> None:
    """Fail if the command leaves behind anything but old or new files, or ends in another way than documented."""
    ran = run(case, fault)
    wrong = list(flaws(case, ran, signalled=fault.endswith(SIGNALS)))
    assert not wrong, f"{case}, {fault}: {'; '.join(wrong)}\n{ran}"


def flaws(case: Case, ran: Ran, signalled: bool) -> Iterator[str]:
    """What a command must not leave behind when a call failed or SIGTERM came."""
    whole = sound(case)
    if ran.calls == {}:  # the number of reads from a program differs from run to run
        return
    lines = ran.stderr.splitlines()
    degraded = sorted(name for name in ran.files if name.endswith(".txt"))
    if ran.left:
        yield f"{ran.left} is left"
    if len(lines) > 1 or any(
        noise in ran.stderr for noise in (b"Traceback", b"Exception ignored", b"gradgraph failed")
    ):
        yield "more than a line is told"
    if signalled:
        if ran.status != 128 + SIGTERM:
            yield "SIGTERM does not end it"
    elif ran.status != whole.status:
        if ran.status not in (3, 4) or not lines:
            yield "it ends with an undocumented code, or in silence"
    elif degraded or lines:
        if not (degraded or b"n0" in ran.stdout) or not lines:
            yield "text stands in, and nothing tells so"
    elif ran.stdout != whole.stdout or ran.files != whole.files:
        yield "it ends well and not everything is written"
    if ran.status != whole.status and not set(ran.stdout.splitlines()) <= set(whole.stdout.splitlines()):
        yield "what is printed is wrong"
    for name, content in ran.files.items():
        allowed = [INPUTS.get(name), whole.files.get(name)]
        if name in case.targets and name not in FRESH:
            allowed.append(OLD)
        if name in degraded:
            allowed.append(text_of("b.json" if "b" in name else "a.json"))
        if content not in allowed:
            yield f"{name} is neither old nor new"


def main() -> None:
    jobs = [(case, fault) for case in CASES for fault in faults_of(case)]
    with ThreadPoolExecutor(2) as pool:
        for _ in pool.map(lambda job: check(*job), jobs):
            pass
    for kind, number in Counter(fault.partition(":")[0] for _, fault in jobs).items():
        sys.stdout.write(f"{number:5} at {kind}\n")
    sys.stdout.write(f"{len(jobs):5} faults in {len(CASES)} commands: every file whole, nothing left behind\n")


if __name__ == "__main__":
    main()
