"""Documents in addresses: what is packed comes back, and nothing else is taken."""

import shutil
import subprocess
import zlib
from base64 import urlsafe_b64encode
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradgraph import DocumentError, Limits, OptionError, TooLarge, dumps, load, loads, render
from gradgraph.document.packing import MOST_INFLATED, packed, unpacked
from gradgraph.drawing.addresses import LONGEST, address
from gradgraph.graph.rounding import rounded
from tests.command import run_cli
from tests.conftest import ROOT, need
from tests.strategies import graphs

NEURON = str(ROOT / "examples/neuron.json")


def spelled(deflated: bytes) -> str:
    return urlsafe_b64encode(deflated).rstrip(b"=").decode()


@given(st.binary(max_size=2000))
def test_any_bytes_come_back(document):
    text = packed(document)
    assert text.isascii()
    assert text.replace("-", "").replace("_", "").isalnum()
    assert unpacked(text) == document


@given(graphs())
def test_any_document_comes_back(graph):
    assert loads(unpacked(packed(dumps(graph).encode()))) == graph


@given(st.text(max_size=60))
def test_any_text_is_taken_or_refused(text):
    try:
        document = unpacked(text)
    except DocumentError as error:
        assert "the document in the address" in str(error)
    else:
        assert unpacked(packed(document)) == document


@given(st.binary(max_size=200), st.data())
def test_a_text_that_was_cut_or_goes_on_is_refused(document, data):
    text = packed(document)
    with pytest.raises(DocumentError):
        unpacked(text[: data.draw(st.integers(0, len(text) - 1))])
    with pytest.raises(DocumentError, match="goes on for 2 bytes"):
        unpacked(spelled(zlib.compress(document) + b"xy"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is cut off"),
        ("e", "is not base64url"),
        ("eJyrrgUAAXUA-Q==", "without padding"),
        ("eJyrrgUAAXUA+Q", "without padding"),
        ("eJyrrgUAAXUA-R", "without padding"),  # bits that no byte holds
        ("eJyr rgUAAXUA-Q", "is not base64url"),
        ("é", "is not base64url"),
        (spelled(b"{}"), "is not deflated"),
        (spelled(zlib.compress(b"{}", wbits=-15)), "is not deflated"),
        (spelled(zlib.compress(b"{}", wbits=31)), "is not deflated"),  # gzip
        (spelled(zlib.compress(b"{}")[:-4] + b"abcd"), "is not deflated"),  # a wrong checksum
    ],
)
def test_what_is_not_packed_is_refused(text, told):
    with pytest.raises(DocumentError, match=told):
        unpacked(text)


def test_a_bomb_is_not_inflated():
    bomb = spelled(zlib.compress(bytes(200 << 20), 9))
    with pytest.raises(TooLarge, match="more than 1,048,576 bytes"):
        unpacked(bomb)
    assert len(unpacked(packed(bytes(MOST_INFLATED)))) == MOST_INFLATED
    with pytest.raises(TooLarge):
        unpacked(packed(bytes(MOST_INFLATED + 1)))


def test_what_a_browser_makes_is_read():
    """Of a browser's functions node has the one that a page would use."""
    need("node", shutil.which("node"))
    code = (
        "const s = new Blob(['{\"a\": 1}']).stream().pipeThrough(new CompressionStream('deflate'));"
        "new Response(s).arrayBuffer().then(b => console.log(Buffer.from(b).toString('base64url')))"
    )
    made = subprocess.run(["node", "-e", code], capture_output=True, encoding="utf-8", check=True).stdout.strip()
    assert unpacked(made) == b'{"a": 1}'


def test_the_command_writes_an_address_of_the_document():
    flags = ("--show-local", "--max-boxes", "9", "--collapse", "neuron", "--theme", "dark", "--no-legend")
    ran = run_cli("url", NEURON, "--base", "https://example.org/graphs/", *flags)
    assert (ran.returncode, ran.stderr) == (0, "")
    parts = urlsplit(ran.stdout.rstrip("\n"))
    *before, format, text = parts.path.split("/")
    assert (parts.netloc, before, format) == ("example.org", ["", "graphs", "v1", "render"], "svg")
    assert loads(unpacked(text)) == load(NEURON)
    assert sorted(parse_qsl(parts.query)) == [
        ("collapse", "neuron"),
        ("legend", "false"),
        ("max-boxes", "9"),
        ("show-local", "true"),
        ("theme", "dark"),
    ]


@pytest.mark.parametrize(
    "base", ["", "example.org", "ftp://x", "http://", "http://x?a", "http://x#a", "http://[", "http://a b"]
)
def test_a_base_that_is_no_address_is_refused(base):
    with pytest.raises(OptionError, match="the base of an address"):
        address(base, "svg", "x", {})
    assert run_cli("url", NEURON, "--base", base).returncode == 2


def test_an_option_that_the_format_lacks_is_refused():
    assert "--pixels" in run_cli("url", NEURON, "--pixels", "9").stderr
    assert run_cli("url", NEURON, "--theme", "pink").returncode == 2
    assert run_cli("url", NEURON, "-f", "nothing").returncode == 2


def test_a_long_address_is_refused_with_its_length_and_the_remedy():
    with pytest.raises(TooLarge, match=r"8,001 characters.*POST the document to http://x/v1/render/svg\?local-x=1, or"):
        address("http://x", "svg", "x" * (LONGEST - 32), {"local_x": 1})
    assert len(address("http://x", "svg", "x" * (LONGEST - 33), {"local_x": 1})) == LONGEST
    full, short = (run_cli("url", str(ROOT / "examples/mlp.json"), *flag) for flag in ((), ("--for-picture",)))
    assert full.returncode == short.returncode == 0
    assert len(short.stdout) < 0.8 * len(full.stdout)


@given(graphs(numbers=st.floats()), st.integers(1, 17))
def test_a_rounded_graph_shows_the_same_numbers(graph, digits):
    short = rounded(graph, digits, keep_local=True)
    for one, other in zip(graph, short, strict=True):
        for number, near in ((one.data, other.data), (one.grad, other.grad), *zip(one.local, other.local, strict=True)):
            assert (number is None) == (near is None)
            if number is not None:
                assert f"{near:.{digits}g}" == f"{number:.{digits}g}"
    assert not any(node.local for node in rounded(graph, digits))
    assert loads(dumps(short)) == short
    assert str(render(short, "text", precision=digits, limits=Limits())) == str(render(graph, "text", precision=digits))
