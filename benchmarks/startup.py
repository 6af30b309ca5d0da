"""Wall time of drawing a small document from the command line, beside that of importing what every such tool imports.

Medians of 20 runs each, taken in turn. Docs builds start the command once a drawing, so this is what they wait for.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

NEURON = Path(__file__).parent.parent / "examples" / "neuron.json"
COMMANDS = {
    "gradgraph render -f mermaid": [
        str(Path(sys.executable).parent / "gradgraph"),
        "render",
        str(NEURON),
        "-f",
        "mermaid",
    ],
    "import click, msgspec, importlib.metadata": [sys.executable, "-c", "import click, msgspec, importlib.metadata"],
}

times: dict[str, list[float]] = {name: [] for name in COMMANDS}
for _ in range(20):
    for name, command in COMMANDS.items():
        began = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        times[name].append(time.perf_counter() - began)
ours, theirs = (statistics.median(taken) for taken in times.values())
print(f"{ours:.3f} s / {theirs:.3f} s = {ours / theirs:.2f}  (at most 1.5)")
