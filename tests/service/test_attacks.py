"""Clients that mean harm: while they do what they can, an honest request is answered about as fast as before."""

import asyncio
import contextlib
import gzip
import json
import socket
import sys
import time
import zlib
from base64 import urlsafe_b64encode
from statistics import median

import pytest

from gradgraph import Value, dumps
from tests.service.running import CRLF, neuron, read_all, running, wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

HOST = b"Host: localhost\r\n"
POST = b"POST /v1/render/svg HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.fixture(scope="module")
def service():
    with running("--head-seconds", "1", "--body-seconds", "1", "--max-connections", "1000", files=1024) as service:
        yield service


def seconds_of_a_neuron(service, numbers) -> float:
    """Return the median time of drawings that no cache has."""
    took = []
    for number in numbers:
        start = time.perf_counter()
        answer = service.draw(neuron(number), seconds=30)
        took.append(time.perf_counter() - start)
        assert answer.status == 200, answer
    return median(took)


def under(service, attack, numbers) -> None:
    """Run an attack from a process of its own, and judge honest requests at that time by those before it."""
    alone = seconds_of_a_neuron(service, range(numbers, numbers + 5))
    files, memory = service.descriptors(), service.memory()

    async def both() -> float:
        task = asyncio.create_task(attack(service.port))
        await asyncio.sleep(0.3)
        took = await asyncio.to_thread(seconds_of_a_neuron, service, range(numbers + 5, numbers + 12))
        await asyncio.wait_for(task, 60)
        return took

    attacked = asyncio.run(both())
    assert attacked <= 10 * alone + 0.05, (attacked, alone)
    wait_until(lambda: service.descriptors() <= files + 3, 10)
    assert service.memory() <= memory + (48 << 20)


async def connected(port, count):
    """Return many connections."""
    made = []
    for _ in range(count):
        made.append(await asyncio.open_connection("127.0.0.1", port))
    return made


async def closed(connections):
    for _, writer in connections:
        writer.close()


def test_silent_connections(service):
    async def attack(port):
        connections = await connected(port, 500) + await connected(port, 600)
        await asyncio.sleep(1)
        await closed(connections)

    under(service, attack, 1_000)


def test_slow_heads(service):
    async def slowly(port):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        for byte in POST:
            writer.write(bytes([byte]))
            await asyncio.sleep(0.1)
            if writer.is_closing():
                break
        writer.close()

    async def attack(port):
        await asyncio.wait({asyncio.create_task(slowly(port)) for _ in range(200)}, timeout=2.5)

    under(service, attack, 2_000)


def test_slow_bodies(service):
    async def slowly(port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(POST + b"Content-Length: 1000" + CRLF + CRLF)
        for _ in range(8):
            writer.write(b" ")
            await asyncio.sleep(0.1)
        answer = await reader.read(100)  # more bytes now would meet a closed door
        writer.close()
        return answer

    async def attack(port):
        answers = await asyncio.gather(*[slowly(port) for _ in range(200)])
        assert {answer.split()[1] for answer in answers} == {b"408"}

    under(service, attack, 3_000)


def test_an_endless_header(service):
    async def attack(port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1" + CRLF + HOST + b"X: ")
        try:
            for _ in range(200):
                writer.write(b"x" * (1 << 20))
                await writer.drain()
        except ConnectionError:
            return
        raise AssertionError("it took 200 MB")

    before = service.seconds()
    under(service, attack, 4_000)
    assert service.seconds() - before < 2
    assert b"431" in service.raw(b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"x" * 20_000)[:20]


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET /" + b"a" * (1 << 20), b"414"),
        (b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(5_000)), b"431"),
        (b"nonsense\r\n\r\n", b"400"),
        (POST + b"Content-Length: 2000000\r\nConnection: close\r\n\r\n" + b" " * 2_000_000, b"413"),
        (
            POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"100000\r\n" + b" " * 0x100000 + b"\r\n1\r\n \r\n0\r\n\r\n",
            b"413",
        ),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"X: y\r\n" * 2_000_000, b""),
    ],
)
def test_what_is_too_long(service, head, status):
    before = service.seconds()
    answer = service.raw(head)
    assert answer.split(b" ")[1:2] == [status] or not status
    assert service.seconds() - before < 3


def test_bombs(service):
    bomb = gzip.compress(b" " * (200 << 20))
    before, memory = service.seconds(), service.memory()
    answers = [
        service.ask("POST", "/v1/render/svg", bomb, {"Content-Encoding": "gzip", "Content-Type": "application/json"}),
        service.ask(
            "POST",
            "/v1/render/svg",
            gzip.compress(gzip.compress(neuron())),
            {"Content-Encoding": "gzip, gzip", "Content-Type": "application/json"},
        ),
        service.ask("GET", "/v1/render/svg/" + urlsafe_b64encode(zlib.compress(b" " * (8 << 20))).decode().rstrip("=")),
        service.draw(b"[" * 100_000),
        service.draw(b'{"meta":' + b"[" * 100_000),
        service.ask("POST", "/v1/render/svg", b"[" * 100_000, {"Content-Type": "application/yaml"}),
    ]
    assert [answer.status for answer in answers] == [413, 415, 413, 422, 422, 422]
    assert all("title" in json.loads(answer.content) for answer in answers)
    assert service.seconds() - before < 1
    assert service.memory() < memory + (32 << 20)


def test_clients_that_leave(service):
    """Queued and running: their places are free again, and what was begun is finished into the cache."""
    document = dumps(Value(1.0, "x").tanh()).encode()
    files = service.descriptors()

    async def attack(port):
        connections = await connected(port, 300)
        for number, (_, writer) in enumerate(connections):
            body = document.replace(b'"x"', b'"x%d"' % number)
            writer.write(POST + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        await asyncio.sleep(0.1)
        await closed(connections)

    asyncio.run(attack(service.port))
    wait_until(lambda: service.metric("gradgraph_requests_in_hand") == 1, 10)  # the one that asks
    wait_until(lambda: service.descriptors() <= files + 1, 10)
    assert service.draw(neuron(9_000)).status == 200
    assert service.metric('gradgraph_drawings_waiting{lane="small"}') == 0


def test_a_connection_may_be_used_again_and_pipelined(service):
    with service.connect() as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\n" + HOST + CRLF + b"GET /healthz HTTP/1.1\r\n" + HOST + CRLF)
        time.sleep(0.5)
        connection.sendall(b"GET /healthz HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
        assert read_all(connection).count(b"HTTP/1.1 200 OK") == 3


def test_endless_pipelining(service):
    memory = service.memory()
    request = b"GET /healthz HTTP/1.1\r\n" + HOST + CRLF
    with service.connect() as connection, contextlib.suppress(OSError):
        connection.settimeout(2)
        for _ in range(100):
            connection.sendall(request * 1_000)
    assert service.memory() < memory + (32 << 20)
    assert service.draw(neuron(9_100)).status == 200


def test_answers_that_nobody_reads():
    document = dumps(sum((Value(float(n), f"x{n}") for n in range(700)), Value(0.0))).encode()
    head = POST.replace(b"render/svg", b"render/svg?fold=none&layout=layered") + b"Content-Length: %d\r\n\r\n"
    request = head % len(document) + document
    with running("--body-seconds", "1", "--max-requests", "20") as service, contextlib.ExitStack() as stack:
        for _ in range(30):
            connection = stack.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", service.port))
            connection.settimeout(5)
            with contextlib.suppress(OSError):
                connection.sendall(request * 3)
        wait_until(lambda: service.metric("gradgraph_requests_in_hand") == 1, 15)
        assert service.draw(neuron()).status == 200


def test_an_answer_on_its_way_is_given_whatever_follows(service):
    body = neuron(9_200)
    request = POST + b"Content-Length: %d\r\n\r\n" % len(body) + body
    assert b"200 OK" in service.raw(request, b"nonsense" * 10)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET http://evil/v1/renderers HTTP/1.1\r\n" + HOST + CRLF, b"400"),
        (CHUNKED.replace(HOST, b"") + b"0\r\nHost: localhost\r\n\r\n", b"421"),
        (POST + b"Connection: close\r\nContent-Length: " + b"0" * 5_000 + b"2\r\n\r\n{}", b"422"),
        (b"GET /healthz HTTP/1.1\r\n" + HOST + b"Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n", b"200"),
    ],
)
def test_odd_requests_have_an_answer(service, request_, status):
    with service.connect() as connection:
        connection.sendall(request_)
        assert connection.recv(100).split(b" ")[1] == status
