"""What the service costs, and what it does when too many ask.

    python -m benchmarks.service speed    answers from memory and new ones, beside a constant and the library
    python -m benchmarks.service load     at half of its peak, and at ten times its peak; a core for each side

Linux only. All figures of one line are of one run. `taskset` of util-linux must be there.
"""

import asyncio
import contextlib
import os
import statistics
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Callable
from zlib import compress

from gradgraph import Limits, loads, render
from tests.service.running import Running, neuron, running

CONSTANT = "benchmarks.service_constant"
HOST = b"Host: localhost\r\n"


def post(document: bytes) -> bytes:
    """Return the bytes of a request for a drawing."""
    head = b"POST /v1/render/svg HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
    return head + b"Content-Length: %d\r\n\r\n" % len(document) + document


TEMPLATE = neuron(7_654_321)


def unique(number: int) -> bytes:
    """Return a request for the drawing of a neuron that nobody has asked for."""
    return post(TEMPLATE.replace(b'"x1"', b'"x1 %d"' % number))


async def exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> int:
    """Send a request, read its answer, and return the status."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    await reader.readexactly(length)
    return int(head.split(b" ", 2)[1])


class Asker:
    """Asks over as many connections as it needs, and keeps them."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self.statuses: Counter[int] = Counter()
        self.took: list[float] = []

    async def ask(self, request: bytes) -> None:
        """Ask once, and take note of the status, and of the time if there was a drawing."""
        start = time.perf_counter()
        try:
            streams = self.free.pop() if self.free else await asyncio.open_connection("127.0.0.1", self.port)
            status = await exchange(*streams, request)
            self.free.append(streams)
        except (OSError, asyncio.IncompleteReadError):
            status = 0
        self.statuses[status] += 1
        if status == 200:
            self.took.append(time.perf_counter() - start)

    async def one_after_the_other(self, seconds: float, number: int, lanes: int) -> float:
        """Ask in so many lanes, each when its last answer is there, and return the drawings a second."""
        end = time.perf_counter() + seconds

        async def lane(first: int) -> None:
            at = first
            while time.perf_counter() < end:
                await self.ask(unique(at))
                at += lanes

        await asyncio.gather(*[lane(number + n) for n in range(lanes)])
        return self.statuses[200] / seconds

    async def at_a_rate(self, rate: float, seconds: float, number: int) -> float:
        """Ask so many times a second, whether or not answers come, and return the drawings a second."""
        start = time.perf_counter()
        tasks = set()
        for n in range(int(rate * seconds)):
            wait = start + n / rate - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            tasks.add(asyncio.create_task(self.ask(unique(number + n))))
        answered = self.statuses[200]
        took = time.perf_counter() - start
        await asyncio.gather(*tasks)
        return answered / took


def percentile(numbers: list[float], part: float) -> float:
    """Return the number that so great a part of them is below."""
    return sorted(numbers)[min(len(numbers) - 1, int(part * len(numbers)))]


def load() -> None:
    """Measure half of the peak, and ten times the peak."""
    os.sched_setaffinity(0, {1})
    with running("--workers", "2", "--small-queue", "32") as service:
        pin(service, 0)
        warm = Asker(service.port)
        asyncio.run(warm.one_after_the_other(1, 0, 1))
        alone = Asker(service.port)
        asyncio.run(alone.one_after_the_other(3, 10_000, 1))
        one = statistics.median(alone.took)
        peak = asyncio.run(Asker(service.port).one_after_the_other(8, 20_000, 8))
        half = Asker(service.port)
        asyncio.run(half.at_a_rate(peak / 2, 12, 100_000))
        memory = service.memory()
        many = Asker(service.port)
        good = asyncio.run(many.at_a_rate(10 * peak, 12, 200_000))
        time.sleep(2)
        print(f"one drawing alone {1000 * one:.1f} ms, peak {peak:.0f} a second")
        at_half = percentile(half.took, 0.99)
        print(f"half of it: p99 {1000 * at_half:.1f} ms = {at_half / one:.1f} x, {dict(half.statuses)}")
        at_ten = percentile(many.took, 0.99)
        queue = 32 / peak
        print(f"ten times: goodput {good / peak:.2f} of the peak, p99 {at_ten / queue:.2f} x the queue's {queue:.2f} s")
        print(f"  {dict(many.statuses)}, memory {memory >> 20} to {service.memory() >> 20} MB")


def pin(service: Running, core: int) -> None:
    """Keep the service and all its processes on one core."""
    for process in (service.process.pid, *service.processes()):
        subprocess.run(["taskset", "-a", "-p", "-c", str(core), str(process)], check=True, capture_output=True)


async def repeated(port: int, request: Callable[[int], bytes], times: int) -> list[float]:
    """Return the seconds of each of many requests, one after the other on one connection."""
    streams = await asyncio.open_connection("127.0.0.1", port)
    took = []
    for number in range(times):
        start = time.perf_counter()
        status = await exchange(*streams, request(number))
        took.append(time.perf_counter() - start)
        assert status in (200, 503), status
    streams[1].close()
    return took


def speed() -> None:
    """Measure answers from memory, new ones, and refusals."""
    packed = urlsafe_b64encode(compress(neuron())).rstrip(b"=")
    cached = b"GET /v1/render/svg/" + packed + b" HTTP/1.1\r\n" + HOST + b"\r\n"
    with running() as service, running(module=CONSTANT) as constant:
        asyncio.run(repeated(service.port, lambda _: cached, 100))
        ratios = []
        for _ in range(7):
            costs = []
            for each in (service, constant):
                before = each.seconds()
                asyncio.run(repeated(each.port, lambda _: cached, 3_000))
                costs.append(each.seconds() - before)
            ratios.append(costs[0] / costs[1])
        ratio, micro = statistics.median(ratios), 1e6 * costs[0] / 3_000
        print(f"an answer from memory: {ratio:.2f} x a constant, CPU of the server ({micro:.0f} us)")

        asked, called = [], []
        for number in range(150):
            asked += asyncio.run(repeated(service.port, lambda _, n=number: unique(n), 1))  # type: ignore[misc]
            start = time.perf_counter()
            render(loads(TEMPLATE, limits=Limits.untrusted()), "svg", limits=Limits.untrusted())
            called.append(time.perf_counter() - start)
        ours, theirs = statistics.median(asked[20:]), statistics.median(called[20:])
        ratio = (ours - 0.001) / theirs
        print(f"a new neuron: {1000 * ours:.2f} ms, the library {1000 * theirs:.2f} ms: {ratio:.2f} x + 1 ms")
    with running("--max-requests", "1") as service, contextlib.closing(service.connect()) as holding:
        holding.sendall(post(b" " * 1_000)[:-900])  # a request that waits for its body
        time.sleep(0.1)
        before = service.seconds()
        asyncio.run(repeated(service.port, unique, 10_000))
        print(f"a refusal: {1e6 * (service.seconds() - before) / 10_000:.0f} us of CPU")


if __name__ == "__main__":
    {"speed": speed, "load": load}[sys.argv[1]]()
