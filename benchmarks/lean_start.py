"""What a lean start of `dot` saves: CPU time on the neuron beside the plain start, in turns in one run.

A shell starts the programs, since that takes less than Python's start.
"""

import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from gradgraph import Limits, render
from gradgraph_renderers.graphviz import engine, lean, process
from tests.conftest import ROOT

TIMES = 20


def request_for_dot() -> bytes:
    """Return what `dot` is asked when the neuron is drawn."""
    asked: list[bytes] = []
    run = process.run

    def noted(command, text, limits, **named):  # type: ignore[no-untyped-def]
        asked.append(text)
        return run(command, text, limits, **named)

    engine.run = noted  # type: ignore[attr-defined]
    render(ROOT / "examples/neuron.json", "svg", layout="dot", strict=True)
    return asked[-1]


def main() -> None:
    """Print the CPU time of both starts, and the ratio of their medians."""
    dot = shutil.which("dot")
    assert dot, "dot is not installed"
    asked = request_for_dot()  # which makes the folder of the lean start
    variables: dict[str, str] = {}
    lean.start(dot, variables.update, Limits())
    with tempfile.TemporaryDirectory() as folder:
        request = Path(folder, "request.dot")
        request.write_bytes(asked)
        loop = f"for i in 1 2 3 4 5; do {dot} -Tjson0 < {request} > /dev/null; done"
        taken: dict[str, list[float]] = {"plain": [], "lean": []}
        for _ in range(TIMES):
            for name, times in taken.items():
                before = resource.getrusage(resource.RUSAGE_CHILDREN)
                given = {"SERVER_NAME": "x", **(variables if name == "lean" else {})}
                subprocess.run(["/bin/sh", "-c", loop], env=given, check=True)
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                times.append(1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / 5)
    plain, started = (median(times) for times in taken.values())
    sys.stdout.write(f"dot on the neuron: plain {plain:.2f} ms, lean {started:.2f} ms: {started / plain:.2f} x\n")


if __name__ == "__main__":
    main()
