"""A writer killed at any moment leaves the old document or the new one."""

import random
import signal
import subprocess
import sys
import time

from gradgraph import Value, export, load

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


if __name__ == "__main__":
    from pathlib import Path
    from tempfile import mkdtemp

    kill_loop(Path(mkdtemp()), 200)
    sys.stdout.write("200 dumps killed, every file whole\n")
