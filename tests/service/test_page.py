"""The page of the service: what it may do, and the form that it is without script."""

import base64
import re
from html import unescape
from urllib.parse import urlencode

import pytest

from gradgraph.service.page_routes import SECURE_PAGE
from tests.conftest import ROOT
from tests.service.running import Answer, Running

NEURON = (ROOT / "examples/neuron.json").read_text(encoding="utf-8")
BROKEN = NEURON.replace('"operands": [8]', '"operands": [9]')
FORM = "application/x-www-form-urlencoded"


def sent(server: Running, **fields: str) -> Answer:
    """The answer to the form, sent as browsers without script do."""
    pairs = {name: text.replace("\n", "\r\n") for name, text in fields.items()}
    return server.post("/", urlencode(pairs).encode(), FORM)


def picture_in(answer: Answer) -> bytes:
    """The picture that the page shows."""
    found = re.search(r'<img alt="The graph" src="data:image/svg\+xml;base64,([^"]+)">', answer.text)
    assert found, answer.text
    return base64.b64decode(found[1])


def test_the_page_and_its_files_are_ours_alone(shared_server):
    page = shared_server.get("/")
    assert page.status == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"] == SECURE_PAGE
    assert re.findall(r"https?:|<style|style=|\bon\w+=|javascript:", page.text) == []
    named = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert sorted(named) == ["page/icon.svg", "page/page.css", "page/page.js"]
    script = shared_server.get("/page/page.js").text
    modules = re.findall(r'from "\./([^"]+)"', script)
    assert len(modules) == 3
    for name in ("page.js", *modules):
        file = shared_server.get(f"/page/{name}")
        assert file.headers["content-type"] == "text/javascript; charset=utf-8"
        assert (
            re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|Function\(", file.text) == []
        )
        assert re.findall(r"https?://", file.text) == []
    again = shared_server.get("/page/page.css", If_None_Match=shared_server.get("/page/page.css").headers["etag"])
    assert (again.status, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["page.html", "../app.py", "..%2Fapp.py", "%2Fetc%2Fpasswd", "none.js", ""])
def test_no_other_file_is_one_of_the_page(shared_server, name):
    assert shared_server.get(f"/page/{name}").problem["status"] == 404


def test_the_example_is_the_neuron_of_the_docs(shared_server):
    assert shared_server.get("/page/neuron.json").text == NEURON


def test_the_form_shows_the_picture_that_the_service_draws(shared_server):
    answer = sent(shared_server, document=NEURON, format="svg", fold="", direction="TB", layout="layered")
    drawn = shared_server.post("/v1/render/svg?direction=TB&layout=layered", NEURON.encode())
    assert answer.status == drawn.status == 200
    assert picture_in(answer) == drawn.content
    shown = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", answer.text, re.DOTALL)
    assert shown
    assert unescape(shown[1]) == NEURON
    assert "<option selected>TB</option>" in answer.text


def test_the_form_shows_text_as_text_and_leaves_out_options_that_text_lacks(shared_server):
    evil = NEURON.replace('"label": "o"', '"label": "</pre><script>alert(1)</script>"')
    answer = sent(shared_server, document=evil, format="text", layout="layered")
    drawn = shared_server.post("/v1/render/text", evil.encode())
    found = re.search(r"<div id=\"frame\"[^>]*><pre>(.*?)</pre>", answer.text, re.DOTALL)
    assert found
    assert unescape(found[1]) == drawn.text
    assert answer.text.count("<script") == 1


def test_the_form_takes_yaml_and_has_an_example(shared_server):
    yaml = 'format: gradgraph\nversion: "1.0"\nops: {}\noutputs: [0]\nnodes:\n- {id: 0, data: 1.0, grad: null}\n'
    assert b"<svg" in picture_in(sent(shared_server, document=yaml))
    assert b">tanh<" in picture_in(sent(shared_server, document="", example="neuron"))


def test_the_form_shows_problems_at_their_line_escaped(shared_server):
    answer = sent(shared_server, document=BROKEN.replace('"w1"', '"<b>&w1"'))
    assert answer.status == 422
    assert answer.headers["cache-control"] == "no-store"
    assert "<b>Line 17, column 52</b> <code>/nodes/9/operands/0</code>" in answer.text
    assert "operands&quot;: [<mark>9</mark>]" in answer.text
    assert "<b>&w1" not in answer.text
    unknown = sent(shared_server, document=NEURON.replace('"role": "input"', '"<i>x</i>": "input"', 1))
    assert "&lt;i&gt;x&lt;/i&gt;" in unknown.text
    assert "<i>" not in unknown.text


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (b"document=%ff%fe", FORM, 400),
        (b"document=\xff", FORM, 400),
        (b"a=1&" * 21, FORM, 400),
        (b"format=html&document=", FORM, 404),
        (b"document=&fold=everything", FORM, 400),
        (b"document=&fold=auto%0D%0AX-Evil:1", FORM, 400),
        (b"document=", FORM, 422),
        (b"{}", "application/json", 415),
        (b"document=" + b"x" * (1 << 20), FORM, 413),
    ],
)
def test_a_form_that_no_browser_sends_is_refused_on_the_page(shared_server, body, media, status):
    answer = shared_server.post("/", body, media)
    assert answer.status == status
    assert "x-evil" not in answer.headers
    assert re.search(r'<div id="problems" role="status"><h2>.+</h2>', answer.text)


def test_a_full_form_counts_as_it_is_sent(server):
    small = server("--body-bytes", "2048", "--workers", "2")
    assert 1_000 < len(NEURON) < 2_048 < len(urlencode({"document": NEURON}))
    assert sent(small, document=NEURON).status == 413
    assert small.post("/v1/render/text", NEURON.encode()).status == 200


def test_without_the_engine_the_page_shows_text_and_says_why(server, tmp_path):
    bare = server("--workers", "2", environment={"PATH": str(tmp_path)})
    answer = sent(bare, document=NEURON, format="svg", layout="dot")
    assert answer.status == 200
    assert re.search(r"<h2>.*dot.*: this is the drawing as text</h2>", answer.text)
    assert "<pre>       id     data" in answer.text
