"""Many drawings: the same as one by one, in order, whatever fails, on any executor."""

import multiprocessing
import threading
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from itertools import count, islice
from pathlib import Path

import pytest

from gradgraph import (
    DocumentError,
    OptionError,
    RendererError,
    ToolMissing,
    Value,
    export,
    fold,
    load,
    render,
    render_many,
)
from tests.conftest import ROOT

NEURON = str(ROOT / "examples/neuron.json")


def documents(tmp_path: Path) -> list[object]:
    """Everything that can be drawn, and two of it that cannot."""
    bad = tmp_path / "bad.json"
    bad.write_text("{")
    a = Value(2.0, label="a")
    neuron = load(NEURON)
    return [
        neuron,
        NEURON,
        Path(NEURON),
        str(bad),
        a * a + 1,
        [a, a * 3],
        fold(neuron, max_boxes=1),
        17,
        "missing.json",
    ]


def executors():
    def dask():
        distributed = pytest.importorskip("distributed", reason="distributed is not installed")
        cluster = distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
        return distributed.Client(cluster)

    return {
        "threads": lambda: ThreadPoolExecutor(2),
        "fork": lambda: ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("fork")),
        "spawn": lambda: ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")),
        "dask": dask,
    }


@pytest.mark.filterwarnings("default")  # of Dask, about itself
@pytest.mark.parametrize("kind", executors())
def test_every_executor_draws_the_same_as_render(kind, dot, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONHASHSEED", "0")  # Dask sets it, and would leave it behind
    everything = documents(tmp_path)
    expected: list[object] = []
    for document in everything:
        try:
            expected.append(render(document, "svg", strict=True).content)
        except Exception as error:
            expected.append((type(error), str(error)))
    with executors()[kind]() as pool:
        executor = pool.get_executor() if kind == "dask" else pool
        results = list(render_many(everything, strict=True, executor=executor))
        if kind == "dask":
            pool.cluster.close()
    assert [result.index for result in results] == [*range(len(everything))]
    assert all(result.document is document for result, document in zip(results, everything, strict=True))
    found = [r.rendering.content if r.rendering else (type(r.error), str(r.error)) for r in results]
    assert found == expected
    assert [r.index for r in results if r.error] == [3, 7, 8]
    assert isinstance(results[3].error, DocumentError)


def test_an_endless_input_is_taken_a_bounded_number_ahead():
    taken = count()
    results = render_many((Value(float(next(taken))) for _ in count()), "text", ahead=5)
    assert next(taken) == 0  # nothing is taken before it is asked for
    for number, result in enumerate(islice(results, 50), 1):
        assert "n0" in str(result.rendering)
        assert next(taken) <= 2 * number + 5
    results.close()


def test_live_values_are_read_when_they_are_taken():
    def training():
        weight = Value(1.0, label="w")
        for step in range(20):
            weight.data = float(step)
            yield weight

    drawn = [str(result.rendering) for result in render_many(training(), "mermaid", ahead=10)]
    assert drawn == [str(render(Value(float(step), label="w"), "mermaid")) for step in range(20)]


def test_what_taking_a_document_raises_comes_after_the_results_before_it():
    def broken():
        yield from [NEURON] * 3
        raise LookupError("no more")

    results = render_many(broken(), "text")
    assert [next(results).index for _ in range(3)] == [0, 1, 2]
    with pytest.raises(LookupError, match="no more"):
        next(results)


def test_an_executor_that_is_shut_down_is_told_after_the_results_before():
    executor = ThreadPoolExecutor(1)
    results = render_many([NEURON] * 9, "text", executor=executor, ahead=2)
    assert next(results).error is None
    executor.shutdown()
    with pytest.raises(RuntimeError, match="after shutdown"):
        list(results)


def test_text_in_place_of_a_picture_says_so(no_engine):
    (result,) = render_many([NEURON], "svg", layout="auto")
    assert result.rendering
    assert result.rendering.degraded_from == "svg"
    assert '`dot` is not installed; pass layout="layered"' in str(result.rendering.degraded_because)
    (result,) = render_many([NEURON], "svg", strict=True)
    assert isinstance(result.error, ToolMissing)


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"format": "nothing"}, RendererError),
        ({"pink": 1}, OptionError),
        ({"ahead": 0}, OptionError),
        ({"radius": -1}, OptionError),
    ],
)
def test_what_is_wrong_with_every_drawing_is_raised_at_once(how, error):
    with pytest.raises(error):
        render_many([NEURON], **how)


class OddError(Exception):
    def __init__(self, one, two):
        super().__init__("odd")


def test_an_error_that_cannot_travel_is_told_in_words(monkeypatch):
    def fail(*_, **__):
        raise OddError(1, 2)

    monkeypatch.setattr("gradgraph.batch.draw", fail)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork")) as executor:
        results = list(render_many([NEURON] * 2, "text", executor=executor))
    assert [str(result.error) for result in results] == ["the drawing failed: OddError('odd')"] * 2


class Slow(Executor):
    """Work that begins when it is asked for."""

    def __init__(self):
        self.futures = []

    def submit(self, function, /, *arguments, **named):
        self.futures.append(Future())
        return self.futures[-1]


def test_closing_the_iterator_cancels_what_has_not_begun():
    executor = Slow()
    results = render_many([NEURON] * 5, "text", executor=executor, ahead=3)

    def finish_first():
        while not executor.futures:
            pass
        executor.futures[0].set_result(render(NEURON, "text"))

    thread = threading.Thread(target=finish_first)
    thread.start()
    assert next(results).index == 0
    thread.join()
    results.close()
    assert len(executor.futures) == 3
    assert [future.cancelled() for future in executor.futures] == [False, True, True]


def test_own_threads_end_with_the_iterator():
    before = threading.active_count()
    results = render_many([export(Value(1.0))] * 50, "text")
    next(results)
    results.close()
    assert threading.active_count() == before
