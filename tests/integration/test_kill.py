"""A writer killed at any moment leaves the old document or the new one. A command ended by a signal leaves no more."""

import os
import random
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gradgraph import Value, dumps, export, load
from tests.command import run_process
from tests.conftest import ROOT
from tests.faults import processes_left_in

NEURON = str(ROOT / "examples/neuron.json")

WRITER = """
import sys
from gradgraph import Value, dump, export
graphs = []
for start in (1.0, 2.0):
    value = Value(start)
    for _ in range(2000):
        value = value + 1.0
    graphs.append(export(value))
print("ready", flush=True)
while True:
    for graph in graphs:
        dump(graph, sys.argv[1])
"""
ROUNDS = 20


def test_kill_in_the_middle_of_dumps(tmp_path):
    kill_loop(tmp_path, ROUNDS)


def kill_loop(folder, rounds: int) -> None:
    path = folder / "graph.json"
    export(Value(0.0), path)
    rng = random.Random(0)  # noqa: S311
    for _ in range(rounds):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE) as writer:
            assert writer.stdout
            writer.stdout.readline()
            time.sleep(rng.uniform(0.0, 0.1))
            writer.send_signal(signal.SIGKILL)
        assert load(path)[0].data in (0.0, 1.0, 2.0)


SIGNALS = signal.SIGINT, signal.SIGTERM, signal.SIGHUP
SLOW_DOT = "#!/bin/sh\ncat > /dev/null\nsleep 300 &\n: > started\nexec sleep 300\n"


def started(folder, *arguments: str, ignored: signal.Signals | None = None, **options) -> subprocess.Popen[bytes]:
    """`gradgraph ARGUMENTS` in this folder, where a `dot` that never ends is found."""
    program = folder / "bin" / "dot"
    program.parent.mkdir()
    program.write_text(SLOW_DOT)
    program.chmod(0o755)
    return subprocess.Popen(
        [sys.executable, "-m", "gradgraph", *arguments],
        cwd=folder,
        env={**os.environ, "PATH": str(program.parent)},
        stderr=subprocess.PIPE,
        preexec_fn=lambda: ignored and signal.signal(ignored, signal.SIG_IGN),
        **options,
    )


def wait_for(condition) -> None:
    for _ in range(600):
        if condition():
            return
        time.sleep(0.1)
    raise TimeoutError


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_all_that_was_started(number, tmp_path):
    (tmp_path / "out.svg").write_bytes(b"old")
    with started(tmp_path, "render", NEURON, "-o", "out.svg") as process:
        wait_for((tmp_path / "started").exists)
        for _ in range(3):  # more than one is no harm
            process.send_signal(number)
        assert process.stderr
        assert process.stderr.read() == b""
    assert process.returncode == 128 + number
    assert processes_left_in(tmp_path) == []
    assert (tmp_path / "out.svg").read_bytes() == b"old"
    assert sorted(os.listdir(tmp_path)) == ["bin", "out.svg", "started"]


def test_a_signal_that_is_ignored_stays_ignored(tmp_path):
    with started(tmp_path, "render", NEURON, "-o", "out.svg", ignored=signal.SIGHUP) as process:
        wait_for((tmp_path / "started").exists)
        process.send_signal(signal.SIGHUP)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.5)
        process.send_signal(signal.SIGTERM)
    assert process.returncode == 128 + signal.SIGTERM


@pytest.mark.parametrize("output", ["-", "pipe"])
def test_a_signal_ends_a_command_whose_output_nobody_reads(output, tmp_path):
    export(sum((Value(float(i)) for i in range(5_000)), Value(0.0)), tmp_path / "big.json")
    os.mkfifo(tmp_path / "pipe")
    ours = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    theirs = os.open(tmp_path / "pipe", os.O_WRONLY)
    arguments = ("convert", "big.json", output, "--to", "json")
    with started(tmp_path, *arguments, stdout=theirs) as process:
        wait_for(lambda: select.select([ours], [], [], 0)[0])
        time.sleep(0.2)  # by now it has filled the pipe
        process.send_signal(signal.SIGTERM)
        assert process.stderr
        assert process.stderr.read() == b""
    os.close(ours)
    os.close(theirs)
    assert process.returncode == 128 + signal.SIGTERM


@pytest.mark.parametrize("moment", ["popen", "wait", "callback"])
def test_a_signal_in_a_bad_moment_comes_again(moment, dot, tmp_path):
    """Not measured: coverage has a lock that a signal can leave locked."""
    (tmp_path / "sitecustomize.py").write_text(BAD_MOMENTS)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "MOMENT": moment}
    ran = run_process("render", NEURON, cwd=tmp_path, env=environment)
    assert (ran.returncode, ran.stderr) == (128 + signal.SIGTERM, "")
    assert (tmp_path / "popen").exists() == (moment == "popen")
    assert processes_left_in(tmp_path) == []


BAD_MOMENTS = """
import os, pathlib, signal, subprocess, threading, time, weakref
def signalled(*_): os.kill(os.getpid(), signal.SIGTERM)
start = subprocess.Popen._execute_child
def started(self, *arguments):
    start(self, *arguments)
    if os.environ["MOMENT"] == "popen":
        signalled()
        pathlib.Path("popen").touch()  # it goes on until the program has its process
subprocess.Popen._execute_child = started
class Lock:
    def __init__(self): self.lock = threading.Lock()
    def locked(self): return self.lock.locked()
    def acquire(self, *arguments):
        taken = self.lock.acquire(*arguments)
        signalled()  # now nobody would give the lock back
        return taken
    def release(self): self.lock.release()
    def __enter__(self): self.lock.acquire()
    def __exit__(self, *_): self.lock.release()
make = subprocess.Popen.__init__
def made(self, *arguments, **options):
    make(self, *arguments, **options)
    if os.environ["MOMENT"] == "wait":
        self._waitpid_lock = Lock()
subprocess.Popen.__init__ = made
def thread_starts(self):
    if os.environ["MOMENT"] == "callback":
        class Thing: pass
        thing = Thing()
        reference = weakref.ref(thing, signalled)
        del thing
    start_thread(self)
start_thread, threading.Thread.start = threading.Thread.start, thread_starts
"""


def test_a_signal_at_any_time(tmp_path):
    signal_loop(tmp_path, 10)


def signal_loop(folder, rounds: int) -> None:
    """Before Python has got to us, a signal ends it as any program; later it ends as we say. It prints nothing."""
    rng = random.Random(1)  # noqa: S311
    out = folder / "out.json"
    out.write_bytes(b"old")
    new = dumps(load(NEURON)).encode()
    for _ in range(rounds):
        number = rng.choice((signal.SIGTERM, signal.SIGHUP))
        command = [sys.executable, "-m", "gradgraph", "convert", NEURON, str(out)]
        with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
            time.sleep(rng.uniform(0.0, 0.5))
            process.send_signal(number)
            assert process.stderr
            told = process.stderr.read()
        assert (process.returncode, told) in [(0, b""), (128 + number, b""), (-number, b"")]
        assert out.read_bytes() in (b"old", new)
        assert os.listdir(folder) == ["out.json"]


if __name__ == "__main__":
    from tempfile import mkdtemp

    kill_loop(Path(mkdtemp()), 200)
    signal_loop(Path(mkdtemp()), 500)
    sys.stdout.write("200 dumps killed and 500 commands ended, every file whole\n")
