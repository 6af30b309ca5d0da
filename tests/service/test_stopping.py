"""A service that stops answers what it has accepted; one that is killed leaves no process behind."""

import contextlib
import os
import signal
import sys
import threading
import time

import pytest

from tests.service.running import lives, neuron, running, wait_until
from tests.service.test_faults import FAULTY, failing

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

ROUNDS = 3


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_service_that_stops_answers_what_it_accepted(round_):
    stop_under_load(round_)


def stop_under_load(round_: int) -> None:
    """Stop a service under load. A request whose head was read before has an answer."""
    with running() as service:
        lost: list[str] = []
        answered: list[int] = []
        over = threading.Event()

        def ask(first: int) -> None:
            number = first
            while not over.is_set():
                number += 1
                body = neuron(1_000 * round_ + number)
                try:
                    connection = service.connect()
                except OSError:
                    return  # it listens no more
                with connection:
                    head = b"POST /v1/render/svg HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    answer = b""
                    sent = False
                    try:
                        connection.sendall(head + b"Content-Length: %d\r\nExpect: 100-continue\r\n\r\n" % len(body))
                        sent = connection.recv(100).startswith(b"HTTP/1.1 100")  # by now the head was read
                        connection.sendall(body)
                        while part := connection.recv(1 << 16):
                            answer += part
                            if answer.endswith(b"</svg>\n"):
                                break
                    except OSError as error:
                        if sent:
                            lost.append(repr(error))
                    else:
                        if sent and not answer:
                            lost.append("nothing")
                        if answer:
                            answered.append(int(answer.split()[1]))

        askers = [threading.Thread(target=ask, args=(100_000 * n,)) for n in range(8)]
        for asker in askers:
            asker.start()
        time.sleep(0.2 + 0.13 * round_)
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(20) == 0
        over.set()
        for asker in askers:
            asker.join()
        assert (lost, set(answered)) == ([], {200})


@pytest.mark.parametrize("what", ["hang", "spin"])
def test_a_killed_service_leaves_no_process(what):
    with running("--seconds", "60", module=FAULTY) as service:
        asking = threading.Thread(target=_ask_in_vain, args=(service, what))
        asking.start()
        time.sleep(0.5)
        service.process.kill()
        asking.join()
        wait_until(lambda: not service.processes(), 2)


def test_a_killed_service_leaves_no_layout_engine(tmp_path):
    program, started = tmp_path / "dot", tmp_path / "started"
    program.write_text(f"#!/bin/sh\necho $$ >> {started}\nexec sleep 300\n")
    program.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    with running("--seconds", "60", environment={"PATH": path}, ready=False) as service:
        wait_until(lambda: started.exists() and len(started.read_text().split()) == 2, 20)
        time.sleep(0.2)  # a program that is still being started would not see us go; `dot` would see its input end
        service.process.kill()
        wait_until(lambda: not any(map(lives, started.read_text().split())), 2)


def _ask_in_vain(service, what) -> None:
    with contextlib.suppress(OSError):
        service.draw(failing(what))


def test_a_stopping_service_says_so():
    with running("--seconds", "60", module=FAULTY) as service:
        answers = []
        slow = threading.Thread(target=lambda: answers.append(service.draw(failing("slow"))))
        slow.start()
        time.sleep(0.2)
        service.process.send_signal(signal.SIGTERM)
        slow.join()
        assert service.process.wait(10) == 0
        assert (answers[0].status, answers[0].headers["connection"]) == (200, "close")


if __name__ == "__main__":
    for number in range(int(sys.argv[1])):
        stop_under_load(number % 7)
    print(f"{sys.argv[1]} stops: no request went unanswered")
