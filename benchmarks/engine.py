"""Training steps of micrograd's MLP on our engine, side by side with micrograd. Prints ratios of CPU time.

Run `make benchmark`. The network is micrograd's own code, `micrograd.nn`, once as it is and once with our Value in it.
One step is the forward pass, the loss of its demo and the backward pass. The engines take turns, in one process.
"""

import gc
import importlib.util
import os
import random
import statistics
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import micrograd.nn

from gradgraph import Value

ROUNDS = int(os.environ.get("ROUNDS", "5"))
STEPS = 4 * ROUNDS


def on_our_engine() -> ModuleType:
    """Return a second copy of the module `micrograd.nn`, its networks made of our values."""
    spec = importlib.util.find_spec("micrograd.nn")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.Value = Value
    return module


def training(module: ModuleType, samples: int) -> Callable[[], Any]:
    """Return a function that makes one training step of a network of fixed weights and returns its loss."""
    chance = random.Random(1)  # noqa: S311
    random.seed(2)
    model = module.MLP(2, [16, 16, 1])
    points = [(chance.uniform(-2, 2), chance.uniform(-2, 2)) for _ in range(samples)]
    labels = [1 if x * x + y > 0 else -1 for x, y in points]

    def step() -> Any:
        model.zero_grad()
        scores = [model([module.Value(x) for x in point]) for point in points]
        losses = [(1 + -label * score).relu() for label, score in zip(labels, scores, strict=True)]
        total = sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in model.parameters())
        total.backward()
        return total

    return step


def cpu_ratio(ours: Callable[[], Any], theirs: Callable[[], Any], collector: bool) -> tuple[float, float, float]:
    """Return the median seconds of both, and the median ratio of each pair of runs."""
    times = []
    for _ in range(STEPS):
        pair = []
        for step in (ours, theirs):
            gc.collect()
            if not collector:
                gc.disable()
            began = time.process_time()
            result = step()
            pair.append(time.process_time() - began)
            gc.enable()
            del result
        times.append(pair)
    mine, other = zip(*times, strict=True)
    return statistics.median(mine), statistics.median(other), statistics.median(m / o for m, o in times)


if __name__ == "__main__":
    module = on_our_engine()
    print(f"{'':58} {'ours':>10}  {'theirs':>10}  {'ratio':>8}")
    for samples in (20, 100):
        ours, theirs = training(module, samples), training(micrograd.nn, samples)
        assert abs(ours().data - theirs().data) < 1e-12
        for collector, bound in ((True, 0.8), (False, 1.1)):
            mine, other, ratio = cpu_ratio(ours, theirs, collector)
            what = f"MLP step / micrograd's, {samples} samples, collector {'on' if collector else 'off'}"
            print(f"{what:58} {mine:8.4f} s  {other:8.4f} s  {ratio:8.3f}  (at most {bound})", flush=True)
