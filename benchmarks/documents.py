"""Documents at a million nodes, side by side with what a user would write instead. Prints ratios of medians.

Run `make benchmark`; it takes some minutes and 6 GB of memory. Every pair is measured in turn, in one run.
"""

import gc
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import jsonschema
import orjson
import yaml

from gradgraph import DocumentError, Graph, Value, dump, dumps, export, loads, named_scope, to_values
from gradgraph_schemas import schema

NODES = int(os.environ.get("NODES", "1000000"))
ROUNDS = int(os.environ.get("ROUNDS", "5"))
SMALL = NODES // 50


def chain(nodes: int) -> Value:
    """One op after another, each labelled, in one group."""
    with named_scope("chain"):
        value = Value(1.0, "x0")
        for index in range(nodes // 2):
            value = value + 0.5 if index % 2 else value * 1.0000001
            value.label = f"v{index}"
    return value


def mlp(nodes: int) -> Value:
    """Layers of neurons with 16 inputs each, parameters labelled, layers and neurons as groups."""
    width = 16
    layer = [Value(0.1 * index, f"x{index}") for index in range(width)]
    made = 0
    depth = 0
    while made < nodes:
        with named_scope(f"layer {depth}"):
            following = []
            for unit in range(width):
                with named_scope(f"neuron {unit}"):
                    total = Value(0.0, f"b{unit}", role="parameter")
                    for index, x in enumerate(layer):
                        total = total + Value(0.01 * index, f"w{index}", role="parameter") * x
                    following.append(total.tanh())
                    made += 3 * width + 2
        layer = following
        depth += 1
    total = layer[0]
    for value in layer[1:]:
        total = total + value
    return total


def naive(output: Value) -> str:
    """Walk, dicts, json.dumps: what a user would write."""
    order, seen, stack = [], set(), [(output, False)]
    while stack:
        value, ready = stack.pop()
        if ready:
            order.append(value)
        elif value not in seen:
            seen.add(value)
            stack.append((value, True))
            stack.extend((operand, False) for operand in reversed(value.operands))
    ids = {value: index for index, value in enumerate(order)}
    rows = []
    for index, value in enumerate(order):
        row: dict[str, Any] = {"id": index, "label": value.label, "data": value.data, "grad": value.grad}
        if value.op is not None:
            row["op"] = value.op.name
            row["operands"] = [ids[operand] for operand in value.operands]
        rows.append(row)
    return json.dumps({"nodes": rows})


def medians(*actions: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Seconds each action takes, measured in turn."""
    times: list[list[float]] = [[] for _ in actions]
    for _ in range(rounds):
        for action, taken in zip(actions, times, strict=True):
            gc.collect()
            began = time.perf_counter()
            result = action()
            taken.append(time.perf_counter() - began)
            del result
    return [statistics.median(each) for each in times]


def without_collector(action: Callable[[], object]) -> Callable[[], object]:
    def run() -> object:
        gc.disable()
        try:
            return action()
        finally:
            gc.enable()

    return run


def told(what: str, ours: float, theirs: float, bound: str) -> None:
    """One line: seconds of both sides and their ratio."""
    print(f"{what:58} {ours:8.3f} s  {theirs:8.3f} s  {ours / theirs:8.3f}  ({bound})", flush=True)


def refused(text: bytes) -> None:
    try:
        loads(text)
    except DocumentError:
        return
    raise AssertionError("the broken document was taken")


def peak_of_load(path: Path) -> float:
    """Peak memory of a process that loads the file, less that of one that only imports, in file sizes."""
    code = "import sys, gradgraph.document; {}; print(open('/proc/self/status').read().split('VmHWM:')[1])"
    peaks = []
    for what in ("g = gradgraph.load(sys.argv[1])", "pass"):
        command = [sys.executable, "-c", code.format(what), str(path)]
        peaks.append(int(subprocess.run(command, capture_output=True, check=True).stdout.split()[0]))
    return (peaks[0] - peaks[1]) * 1024 / path.stat().st_size


def dumped_twice(graph: Graph, rows: object) -> None:
    ours, theirs = medians(lambda: dumps(graph), lambda: json.dumps(rows))
    told("dumps / json.dumps of the same rows in dicts", ours, theirs, "at most 1")


def measure(name: str, build: Callable[[int], Value]) -> None:
    output = build(NODES)
    output.backward()
    graph = export(output)
    data = dumps(graph).encode()
    print(
        f"{name}: {len(graph)} nodes, {len(data) / 2**20:.0f} MiB, recursion limit {sys.getrecursionlimit()}",
        flush=True,
    )
    ours, theirs = medians(lambda: loads(data), without_collector(lambda: orjson.loads(data)))
    told("loads / orjson.loads without the collector", ours, theirs, "at most 3")
    last = data.rindex(b'"operands": [') + len(b'"operands": [')
    broken = data[:last] + b"9999999999, " + data[last:].partition(b", ")[2]
    typed = data[:last] + b'"x", ' + data[last:].partition(b", ")[2]
    for what, text in (("a broken rule", broken), ("a wrong type", typed)):
        bad, good = medians(partial(refused, text), lambda: loads(data))
        told(f"{what} in the last node / a good load", bad, good, "at most 2")
    dumped_twice(graph, orjson.loads(data))
    ours, theirs = medians(lambda: dumps(export(output)), lambda: naive(output))
    told("export + dumps / walk, dicts, json.dumps", ours, theirs, "at most 1.5")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.json"
        dump(graph, path)
        print(f"{'peak memory of load, in file sizes':58} {peak_of_load(path):29.2f}  (at most 8)", flush=True)
    assert loads(data) == graph
    values = to_values(loads(data))
    values[graph.outputs[0]].backward()
    assert values[0].grad == graph[0].grad


def small(graph: Graph) -> None:
    data = dumps(graph).encode()
    reference = jsonschema.Draft202012Validator(schema())
    ours, theirs = medians(lambda: loads(data), lambda: reference.validate(json.loads(data)), rounds=3)
    told(f"loads / json.loads + jsonschema, {len(graph)} nodes", ours, theirs, "at most 1/60 = 0.0167")


def yaml_load(graph: Graph) -> None:
    text = dumps(graph, "yaml").encode()
    ours, theirs = medians(lambda: loads(text, "yaml"), lambda: yaml.load(text, yaml.CSafeLoader), rounds=3)
    told(f"loads YAML / yaml.load with CSafeLoader, {len(graph)} nodes", ours, theirs, "at most 0.5")


if __name__ == "__main__":
    print(f"{'':58} {'ours':>10}  {'theirs':>10}  {'ratio':>8}")
    for name, build in (("chain", chain), ("mlp", mlp)):
        measure(name, build)
    output = mlp(SMALL)
    output.backward()
    small(export(output))
    output = mlp(NODES // 10)
    output.backward()
    yaml_load(export(output))
    print(f"peak memory of all of it {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.1f} GiB")
