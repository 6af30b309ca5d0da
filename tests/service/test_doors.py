"""Where the service listens, and which queue a document goes to."""

import sys

import pytest

from gradgraph import Value, dumps
from gradgraph.service.server import forget, listening
from gradgraph.service.settings import Settings, limits_from
from gradgraph.service.workers import SMALL_ROWS, Workers
from tests.service.running import neuron


@pytest.mark.skipif(sys.platform == "win32", reason="sockets with paths are not of Windows")
def test_a_file_that_is_no_socket_stays(tmp_path):
    path = tmp_path / "precious.txt"
    path.write_text("precious")
    with pytest.raises(OSError, match="no socket"):
        listening(f"unix:{path}")
    assert path.read_text() == "precious"


@pytest.mark.skipif(sys.platform == "win32", reason="sockets with paths are not of Windows")
def test_a_socket_that_nobody_listens_on_is_replaced_and_one_in_use_is_not(tmp_path):
    listen = f"unix:{tmp_path / 'socket'}"
    listening(listen).close()
    with listening(listen) as used:
        used.listen()
        with pytest.raises(OSError, match="somebody listens"):
            listening(listen)
    forget(listen)
    assert not (tmp_path / "socket").exists()


def test_small_documents_of_cheap_formats_go_to_the_small_lane():
    workers = Workers(Settings(), limits_from({}))
    total = sum((Value(float(n)) for n in range(SMALL_ROWS)), Value(0.0))
    many_operands = neuron().replace(b'"nodes"', b'"meta": {"a": [' + b"1, " * 4_000 + b'1]},\n"nodes"')
    assert workers.lane_of(neuron(), "svg") is workers.small
    assert workers.lane_of(neuron(), "png") is workers.large
    assert workers.lane_of(dumps(total).encode(), "svg") is workers.large
    assert workers.lane_of(many_operands, "svg") is workers.large
    for end in ("\n", "\r", "\x85", "\u2028"):
        assert workers.lane_of(end.join(["- 1"] * (SMALL_ROWS + 2)).encode(), "svg") is workers.large
