"""What hostile requests get from a server: an answer in form, and nothing else."""

import contextlib
import email.utils
import gzip
import http.client
import json
import random
import socket
import string
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from urllib.parse import quote

import pytest

from gradgraph.document import files
from gradgraph.drawing.rendering import draw
from gradgraph.drawing.selection import Selection
from gradgraph.errors import GradgraphError
from gradgraph.limits import Limits
from gradgraph.service.orders import formats, order_of, parameters
from gradgraph.service.refusals import Refusal
from gradgraph.version import __version__
from tests.hostile.recipes import expanded
from tests.hostile.test_attacks import HERE as HOSTILE
from tests.service.openapi_hooks import pack
from tests.service.served import JSON, NEURON, Answer, ask, serving

MOST = 4_000_000
STATUSES = {400, 404, 405, 406, 408, 413, 414, 415, 421, 422, 429, 431, 500, 503, 504}
EVIL = (
    *("a\r\nX-Evil: 1", "a\nSet-Cookie: b", "a\0b", "%0d%0aX-Evil: 1", "\u2028"),
    *("../../../etc/passwd", "/etc/passwd", "file:///x"),
)
POST = b"POST /v1/validate HTTP/1.1\r\nHost: localhost\r\n"
PROMISED = {
    "cache-control", "content-disposition", "content-length", "content-security-policy", "content-type", "connection",
    "cross-origin-resource-policy", "date", "etag", "gradgraph-degraded", "referrer-policy", "retry-after", "vary",
    "x-content-type-options", "x-request-id", "allow", "accept", "accept-encoding",
}  # fmt: skip


@pytest.fixture(scope="module")
def address():
    # The engine that needs no program draws, so that no answer is text in place of a picture.
    with serving("--seconds", "5", "--body-bytes", str(MOST), environment={"GRADGRAPH_LAYOUT": "layered"}) as found:
        yield found


def judged(answer: Answer) -> Answer:
    """The answer, which is a drawing or a problem in form, and has no header that is not ours."""
    names = [name.lower() for name in answer.headers]
    assert {*names} <= PROMISED
    assert len(names) == len({*names})
    if "x-request-id" in names:  # else it was refused before it was a request
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "html" not in answer.headers.get("Content-Type", "")
    assert b"Traceback" not in answer.body
    if answer.status not in (200, 304):
        assert answer.status in STATUSES
        assert answer.headers["Cache-Control"] == "no-store"
        if answer.headers["Content-Type"] == "image/svg+xml":
            ElementTree.fromstring(answer.body)  # noqa: S314  # it is ours
        else:
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert json.loads(answer.body)["status"] == answer.status
        assert len(answer.body) < 300_000
    return answer


def refused_while_sending(address: str, body: bytes) -> bool:
    """Whether a body is refused for its length. The server does not wait for its end, so the answer may be lost."""
    try:
        return judged(ask(address, "POST", "/v1/validate", body, JSON)).status == 413
    except ConnectionError:
        return True


@pytest.mark.parametrize("path", sorted((HOSTILE / "files").iterdir()), ids=lambda path: path.name)
def test_a_hostile_document_gets_an_answer(path: Path, address):
    """Each, as what it is, is judged and drawn, with a budget of time that the service holds."""
    name = path.name.removesuffix(".recipe")
    body = expanded(path.read_text("utf-8")).encode() if path.suffix == ".recipe" else path.read_bytes()
    media = {".json": "application/json", ".yaml": "text/yaml"}.get(Path(name).suffix, "text/vnd.graphviz")
    if len(body) > MOST:
        assert refused_while_sending(address, body)
        return
    for target in ("/v1/validate", "/v1/render/svg", "/v1/render/text"):
        answer = judged(ask(address, "POST", target, body, {"Content-Type": media}))
        assert answer.status != 500, answer.body
        if media == "text/vnd.graphviz":
            assert answer.status == 415
        elif target == "/v1/validate" and answer.status == 200:
            assert json.loads(answer.body)["valid"] is not bool(json.loads(answer.body)["problems"])
        else:
            assert answer.status in (200, 422, 504)
    assert ask(address, "GET", "/readyz").status == 200


@pytest.mark.parametrize("evil", EVIL)
def test_no_parameter_writes_a_header(evil, address):
    for format in formats():
        for name in [*parameters(format), "strict", "v", evil]:
            query = f"?{quote(name, safe='')}={quote(evil, safe='')}"
            judged(ask(address, "POST", f"/v1/render/{format}{query}", NEURON, JSON))
    for path in (f"/v1/render/{quote(evil, safe='')}", f"/v1/render/svg/{quote(evil, safe='')}",
                 f"/v1/schema/{quote(evil, safe='')}", f"/{quote(evil, safe='')}"):  # fmt: skip
        judged(ask(address, "GET", path))
    for header in ("X-Request-Id", "Accept", "If-None-Match", "Origin", "X-Forwarded-Host"):
        with contextlib.suppress(ValueError):  # the client itself refuses line ends
            answer = judged(
                ask(address, "GET", f"/v1/render/svg/{pack(NEURON)}", None, {header: quote(evil, safe="/:. ")})
            )
            assert "evil" not in answer.headers["X-Request-Id"].lower()


OPENED: list[str] = []
_listening = [False]


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if _listening[0] and event in ("open", "os.listdir", "os.scandir", "subprocess.Popen", "os.system", "import"):
        OPENED.append(f"{event} {arguments[0]}")


def test_no_parameter_opens_a_file(monkeypatch):
    """All that a parameter reaches runs here under an audit hook, after each format was drawn once."""
    monkeypatch.setenv("GRADGRAPH_LAYOUT", "layered")
    limits = Limits.untrusted()
    graph = files.loads(NEURON, "json", limits=limits)

    def attempt(format: str, name: str, evil: str) -> None:
        try:
            order = order_of(NEURON, "json", format, [(name, evil)])
            order.key("1")
            selection = Selection(**order.selection)
            draw(graph, format, order.options, limits, selection=selection, policy="error", place={"width": 120})
        except (Refusal, GradgraphError):
            pass

    pictures = [format for format in formats() if format not in ("pdf", "png")]  # whose engines read fonts
    for format in pictures:
        for name in parameters(format):
            attempt(format, name, "x")
    sys.addaudithook(_note)
    OPENED.clear()
    _listening[0] = True
    try:
        for format in pictures:
            for name in [*parameters(format), "strict", "v"]:
                for evil in EVIL:
                    attempt(format, name, evil)
        drawn = [*OPENED]
        (Path(__file__)).read_bytes()  # the hook hears
    finally:
        _listening[0] = False
    assert drawn == []
    assert [one for one in OPENED if "test_requests" in one]


def test_any_path_and_label_leaves_the_metrics_as_long_as_before(address):
    random_ = random.Random(7)  # noqa: S311

    def word() -> str:
        return "".join(random_.choices(string.ascii_letters + string.digits + "%./-_~", k=random_.randint(1, 30)))

    def lines() -> set[str]:
        """The names of figures with their labels, but for those of workers, which come and go by themselves."""
        text = ask(address, "GET", "/metrics").body.decode()
        named = {line.rpartition(" ")[0] for line in text.splitlines() if not line.startswith("#")}
        return {name for name in named if "lost_workers" not in name}

    host, port = address.split(":")
    kept = http.client.HTTPConnection(host, int(port), timeout=60)

    def send(path: str, **headers: str) -> int:
        kept.request("GET", path, headers=headers)
        response = kept.getresponse()
        response.read()
        return response.status

    shapes = ("/{}", "/v1/{}", "/v1/render/{}/x", "/v1/schema/{}", "/v1/render/svg/{}", "/v1/renderers?{}")
    with contextlib.closing(kept):
        for path in ("/", "/x", "/v1/render/svg/x", "/v1/schema/x", "/v1/validate", "/v1/renderers", "/metrics"):
            send(path)
            send(path, Host="elsewhere.example")
        before = lines()
        for _ in range(10_000):
            path = random_.choice(shapes).format(word())
            assert send(path, **{"X-Request-Id": word().replace("%", "")}) < 500
        assert lines() - before == set()


def test_a_tag_saves_the_drawing(address):
    path = f"/v1/render/svg/{pack(NEURON)}"
    first = judged(ask(address, "GET", f"{path}?v={__version__}"))
    tag = first.headers["ETag"]
    assert tag.startswith('"')
    assert tag.endswith('"')
    assert first.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for held in (tag, f'"x", W/{tag}', "*"):
        again = judged(ask(address, "GET", path, None, {"If-None-Match": held}))
        assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)
        assert "Content-Length" not in again.headers or again.headers["Content-Length"] == "0"
    assert ask(address, "GET", path, None, {"If-None-Match": '"x"'}).status == 200
    assert ask(address, "GET", path, None, {"If-None-Match": tag.strip('"')}).status == 200
    posted = ask(address, "POST", "/v1/render/svg", NEURON, {**JSON, "If-None-Match": tag})
    assert (posted.status, posted.body) == (200, first.body)
    broken = f"/v1/render/svg/{pack(b'{}')}"
    assert ask(address, "GET", broken, None, {"If-None-Match": "*"}).status == 422


def test_head_is_get_without_its_body(address):
    for path in (
        f"/v1/render/svg/{pack(NEURON)}",
        "/v1/renderers",
        "/healthz",
        "/openapi.json",
        "/nothing",
        "/v1/render/svg/0",
    ):
        get, head = ask(address, "GET", path), ask(address, "HEAD", path)
        differ = ("date", "x-request-id")
        assert head.status == get.status
        assert head.body == b""
        assert [entry for entry in head.headers.items() if entry[0] not in differ] == [
            entry for entry in get.headers.items() if entry[0] not in differ
        ]
        assert email.utils.parsedate(get.headers["date"])


def test_a_slash_at_the_end_is_another_path(address):
    for method, path in (
        ("GET", "/healthz/"),
        ("GET", "/v1/renderers/"),
        ("POST", "/v1/render/svg/"),
        ("GET", "//x.example"),
    ):
        assert judged(ask(address, method, path, None, {"Host": "localhost"})).status in (404, 405)


def test_errors_in_an_image_are_images_of_the_same_status(address):
    image = {"Accept": "image/avif,image/webp,image/*,*/*;q=0.8"}
    for path in ("/nothing", "/v1/render/svg/0", f"/v1/render/svg/{pack(b'{}')}", f"/v1/render/gif/{pack(NEURON)}"):
        as_json, as_svg = judged(ask(address, "GET", path)), judged(ask(address, "GET", path, None, image))
        assert as_svg.status == as_json.status
        assert as_svg.headers["Content-Type"] == "image/svg+xml"


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Content-Encoding": "gzip"}, gzip.compress(NEURON), 200),
        ({"Content-Encoding": "x-gzip"}, gzip.compress(NEURON), 200),
        ({"Content-Encoding": "identity"}, NEURON, 200),
        ({"Content-Encoding": "gzip, gzip"}, gzip.compress(gzip.compress(NEURON)), 415),
        ({"Content-Encoding": "br"}, NEURON, 415),
        ({"Content-Encoding": "gzip"}, NEURON, 400),
        ({"Content-Encoding": "gzip"}, gzip.compress(NEURON)[:-4], 400),
        ({"Content-Encoding": "gzip"}, gzip.compress(bytes(50 << 20)), 413),
        ({"Content-Length": "99999999"}, b"", 413),
        ({"Content-Length": "99999999999999999999999"}, b"", 400),
        ({"Content-Type": "text/html"}, NEURON, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, NEURON, 200),
        ({"Content-Type": "application/json"}, b"", 422),
    ],
)
def test_a_body_is_what_its_headers_say(headers, body, status, address):
    assert judged(ask(address, "POST", "/v1/render/text", body, {**JSON, **headers})).status == status


def test_documents_are_drawn_as_accept_says(address):
    for accept, media in (
        ("text/plain", "text/plain; charset=utf-8"),
        ("application/pdf", "application/pdf"),
        ("", "image/svg+xml"),
    ):
        headers = {**JSON, **({"Accept": accept} if accept else {})}
        answer = judged(ask(address, "POST", "/v1/render", NEURON, headers))
        assert (answer.headers["Content-Type"], answer.headers["Vary"]) == (media, "Accept")
    assert judged(ask(address, "POST", "/v1/render", NEURON, {**JSON, "Accept": "image/webp"})).status == 406


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n", {400, 404}),
        (b"GET / HTTP/1.1\r\n\r\n", {400, 421}),
        (b"GET / HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n", {421}),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: elsewhere.example\r\n\r\n", {400, 421}),
        (b"GET http://elsewhere.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n", {200, 400, 404, 421}),
        (b"\0\0\0\0\r\n\r\n", {400}),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n", {400}),
        (POST + b"Content-Length: -1\r\n\r\n", {400}),
        (POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", {400}),
        (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n", {414}),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 20_000 + b"\r\n\r\n", {431}),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_no_request_gets_a_problem(sent, status, address):
    host, port = address.split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(sent)
        with http.client.HTTPResponse(connection) as response:
            response.begin()
            answer = Answer(response.status, response.headers, response.read())
    assert answer.status in status
    if answer.status != 200:
        assert json.loads(answer.body)["status"] == answer.status
        assert answer.headers["Cache-Control"] == "no-store"
