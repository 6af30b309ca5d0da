"""Bodies are read in bounds, inflated once, and are JSON or YAML."""

import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradgraph.service.bodies import inflate, kind_of, unpacked
from gradgraph.service.refusals import Refusal
from tests.service.openapi_hooks import pack

GZIP, ZLIB = 31, 15
MOST = 1 << 20


def status_of(work, *arguments) -> int:
    with pytest.raises(Refusal) as refused:
        work(*arguments)
    return int(refused.value.status)


@given(st.binary(max_size=2_000))
def test_what_was_compressed_comes_back(body):
    assert inflate(gzip.compress(body), GZIP, 2_000) == body
    assert inflate(zlib.compress(body), ZLIB, 2_000) == body
    if body:
        assert unpacked(pack(body), 2_000) == body


@given(st.binary(max_size=200), st.data())
def test_a_stream_that_is_cut_or_followed_is_refused(body, data):
    for whole, window in ((gzip.compress(body), GZIP), (zlib.compress(body), ZLIB)):
        assert status_of(inflate, whole[: data.draw(st.integers(0, len(whole) - 1))], window, MOST) == 400
        assert status_of(inflate, whole + data.draw(st.binary(min_size=1, max_size=9)), window, MOST) == 400


@given(st.binary(max_size=300), st.sampled_from((GZIP, ZLIB)))
def test_any_bytes_are_a_document_or_refused(body, window):
    try:
        assert len(inflate(body, window, 100)) <= 100
    except Refusal as refusal:
        assert refusal.status in (400, 413)


@pytest.mark.parametrize("size", [MOST - 1, MOST, MOST + 1])
def test_the_bound_is_of_what_comes_out(size):
    body = gzip.compress(bytes(size))
    if size <= MOST:
        assert len(inflate(body, GZIP, MOST)) == size
    else:
        assert status_of(inflate, body, GZIP, MOST) == 413


def test_a_bomb_is_refused_before_it_is_inflated():
    """One of 200 MB, whose inflation may take no more memory than the bound, a few times."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, GZIP)
    bomb = b"".join([compressor.compress(bytes(1 << 20)) for _ in range(200)]) + compressor.flush()
    assert len(bomb) < MOST
    tracemalloc.start()
    try:
        assert status_of(inflate, bomb, GZIP, MOST) == 413
        assert tracemalloc.get_traced_memory()[1] < 4 * MOST
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "packed",
    ["", "0", "!!!!", pack(b"{}") + "=", pack(b"{}") + "\n", "+/+/", "é", pack(b"{}")[:-3], "A" * 16_000],
)
def test_what_is_no_address_of_a_document_is_refused(packed):
    assert status_of(unpacked, packed, MOST) == 400


def test_letters_of_no_document_do_not_hide_in_an_address():
    """One document has one address: Python's decoder would skip them."""
    assert status_of(unpacked, pack(b"{}")[:4] + "~*" + pack(b"{}")[4:], MOST) == 400


def test_a_bomb_in_an_address_is_refused():
    assert status_of(unpacked, pack(bytes(5 << 20)), MOST) == 413


@pytest.mark.parametrize(
    ("content_type", "body", "kind"),
    [
        ("application/json", b"", "json"),
        ("Application/JSON; charset=UTF-8", b"", "json"),
        ('application/json; charset="utf-8"', b"", "json"),
        ("application/vnd.gradgraph+json", b"", "json"),
        ("text/yaml", b"{}", "yaml"),
        ("application/yaml;charset=us-ascii", b"a: 1", "yaml"),
        ("application/x-www-form-urlencoded", b' \n{"format":1}', "json"),  # what curl -d says
        ("", b"{}", "json"),
    ],
)
def test_the_kind_of_a_body_is_known(content_type, body, kind):
    assert kind_of(content_type, body) == kind


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json; charset=utf-16", b"{}"),
        ("text/yaml; charset=latin-1", b"a: 1"),
        ("text/vnd.graphviz", b"digraph {}"),
        ("text/html", b"{}"),
        ("multipart/form-data; boundary=x", b"{}"),
        ("application/x-www-form-urlencoded", b"document=%7B%7D"),
        ("", b"a: 1"),
        ("application/jsonx", b"{}"),
    ],
)
def test_what_is_no_document_is_refused(content_type, body):
    assert status_of(kind_of, content_type, body) == 415
