"""What goes wrong behind the service costs the request that it belongs to, and leaves nothing behind."""

import os
import stat
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from gradgraph import Value, dumps
from tests.service.running import lives, neuron, running, wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

FAULTY = "tests.service.faulty_server"


def failing(how: str, number: int = 0) -> bytes:
    return dumps(Value(float(number), f"fault:{how}").tanh()).encode()


@pytest.fixture(scope="module")
def faulty():
    with running("--seconds", "1", "--worker-memory", str(600 << 20), module=FAULTY) as service:
        yield service


@pytest.mark.parametrize(
    ("how", "status"), [("spin", 504), ("hang", 504), ("killed", 500), ("memory", 422), ("garbage", 500)]
)
def test_a_fault_of_a_worker_costs_its_own_request(faulty, how, status):
    with ThreadPoolExecutor(8) as threads:
        bad = threads.submit(faulty.draw, failing(how))
        good = list(threads.map(faulty.draw, map(neuron, range(20))))
    assert bad.result().status == status
    assert bad.result().headers["content-type"] == "application/problem+json"
    assert [answer.status for answer in good] == [200] * 20
    wait_until(lambda: len(faulty.processes()) == 2, 5)  # the idle workers, one of them new


def test_a_document_that_ran_out_of_time_is_refused_at_once(faulty):
    assert faulty.draw(failing("hang", 1)).status == 504
    start = time.monotonic()
    again = faulty.draw(failing("hang", 1))
    assert (again.status, time.monotonic() - start < 0.5) == (429, True)
    assert 1 <= int(again.headers["retry-after"]) <= 60


def test_costly_documents_leave_small_ones_a_worker():
    many = b'"' + b"{" * 300 + b'"'  # so that it counts as large, whatever its drawing costs
    large = [
        dumps(Value(float(n), "fault:hang").tanh()).encode().replace(b'"nodes"', b'"meta":{"x":' + many + b'},"nodes"')
        for n in range(6)
    ]
    with running("--seconds", "1", module=FAULTY) as service, ThreadPoolExecutor(16) as threads:
        costly = [threads.submit(service.draw, document) for document in large]
        time.sleep(0.1)
        small = list(threads.map(service.draw, map(neuron, range(100))))
        assert [answer.status for answer in small] == [200] * 100
        assert {one.result().status for one in costly} == {504}


@pytest.mark.parametrize(
    ("script", "status", "degraded"),
    [
        ("echo $$ >> PID; exec sleep 300", 504, None),
        ("kill -9 $$", 422, None),
        ("cat > /dev/null; echo garbage", 200, "text"),
        ("cat > /dev/null; exit 3", 200, "text"),
    ],
)
def test_a_fault_of_the_layout_engine_is_an_answer(script, status, degraded, tmp_path):
    program = tmp_path / "dot"
    program.write_text(f"#!/bin/sh\n{script.replace('PID', str(tmp_path / 'pid'))}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    with running("--seconds", "1", environment={"PATH": path}, ready=False) as service:
        answer = service.draw(neuron())
        assert (answer.status, answer.headers.get("gradgraph-degraded")) == (status, degraded)
        if status == 504:
            started = (tmp_path / "pid").read_text().split()
            wait_until(lambda: not any(map(lives, started)), 2)


def test_removing_dot_gives_text_and_restoring_it_a_picture_again(dot, tmp_path):
    link = tmp_path / "dot"
    link.symlink_to(dot)
    with running(environment={"PATH": str(tmp_path)}) as service:
        link.unlink()
        text = service.draw(neuron(), "strict=false")
        assert (text.status, text.headers["gradgraph-degraded"]) == (200, "text")
        assert (text.headers["cache-control"], "etag" in text.headers) == ("no-store", False)
        assert service.draw(neuron(), "strict=true").status == 503
        assert service.ask("GET", "/readyz").status == 200
        link.symlink_to(dot)
        assert service.draw(neuron()).content.startswith(b"<svg")


def test_workers_are_renewed_after_many_drawings():
    with running("--worker-drawings", "5", "--workers", "2") as service:
        before = set(service.processes())
        for number in range(30):
            assert service.draw(neuron(number)).status == 200
        wait_until(lambda: len(service.processes()) == 2, 5)
        assert not before & set(service.processes())
        assert service.metric('gradgraph_lost_workers_total{reason="renewed"}') >= 2


def test_equal_requests_make_one_drawing():
    with running() as service, ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(lambda _: service.draw(neuron()), range(1_000)))
        assert {answer.content for answer in answers} == {answers[0].content}
        assert service.metric('gradgraph_cache_total{result="miss"}') == 1
