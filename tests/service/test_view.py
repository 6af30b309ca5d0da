"""`gradgraph view`: a file of one's own, drawn whenever it is saved, for whoever has the token."""

import http.client
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from gradgraph import dumps, load, render
from tests.conftest import ROOT
from tests.service.running import Answer, Running, running, wait_until

NEURON = (ROOT / "examples/neuron.json").read_text(encoding="utf-8")
BROKEN = NEURON.replace('"operands": [8]', '"operands": [9]')


class Viewed(NamedTuple):
    """A file as `gradgraph view` shows it to somebody who has the cookie."""

    service: Running
    file: Path
    cookie: str

    def get(self, path: str) -> Answer:
        """Return the answer to GET with the cookie."""
        return self.service.get(path, Cookie=self.cookie)

    @contextmanager
    def events(self) -> Iterator[Iterator[str]]:
        """The names of the events that the service sends, as they come."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=60)) as connection:
            connection.request("GET", "/view/events", headers={"Cookie": self.cookie})
            with connection.getresponse() as response:
                assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
                yield (line[7:].decode().strip() for line in response if line.startswith(b"event: "))


@contextmanager
def viewing(file: Path, *flags: str, **variables: str) -> Iterator[Viewed]:
    """Run `gradgraph view FILE`, and stop it as a user does."""
    command = ("view", str(file), "--no-browser")
    with running(*flags, command=command, ready=False, environment=variables) as service:
        cookie = service.get(service.first).headers["set-cookie"].partition(";")[0]
        yield Viewed(service, file, cookie)
        interrupted(service)


def interrupted(service: Running) -> None:
    """End a service by Ctrl-C: it ends well, and has nothing to say."""
    if service.process.poll() is None:
        service.process.send_signal(signal.SIGINT)
        assert service.process.wait(60) == 0
        assert len(service.lines) == 1, service.lines


@pytest.fixture
def file(tmp_path):
    """The document of a neuron."""
    path = tmp_path / "graph.json"
    path.write_text(NEURON, encoding="utf-8")
    return path


def test_nothing_is_answered_without_the_token(file):
    elsewhere = {"GRADGRAPH_LISTEN": "0.0.0.0:1", "GRADGRAPH_HOSTS": "*", "GRADGRAPH_ORIGINS": "*"}
    with viewing(file, **elsewhere) as view:
        refuses_strangers(view.service, view.cookie)


def refuses_strangers(service: Running, cookie: str) -> None:
    """Ask without the token, with a wrong one, and under a foreign name."""
    paths = ["/", "/page/page.js", "/view/drawing/svg", "/view/document", "/view/events", "/healthz", "/metrics"]
    paths += ["/readyz", "/openapi.json", "/v1/renderers", "/none", "/?token=", "/?token=%C3%A9", "/?token=x&token=y"]
    for path in paths:
        assert service.get(path).problem["status"] == 403, path
        assert service.get(path, Cookie=f"gradgraph-{service.port}=wrong").problem["status"] == 403, path
        assert service.get(path, Host=f"evil.example:{service.port}", Cookie=cookie).status == 421 or path in OPEN, path
    assert service.get(service.first.replace("/?", "/healthz?")).problem["status"] == 403
    assert service.post("/v1/render/svg", NEURON.encode()).problem["status"] == 403
    token = service.first.removeprefix("/?token=")
    assert len(token) == 32
    given = f"gradgraph-{service.port}={token}; Path=/; HttpOnly; SameSite=Strict"
    assert service.get(service.first).headers["set-cookie"] == given
    assert "set-cookie" not in service.get("/", Cookie=cookie).headers
    assert "access-control-allow-origin" not in service.get(service.first, Origin="https://evil.example").headers


OPEN = ("/healthz", "/metrics", "/readyz")
"""Paths that answer under any name of this host, to those who have the token."""


def test_the_file_is_drawn_as_render_draws_it(file):
    flags = ["--direction", "TB", "--theme", "dark", "--no-legend", "--focus", "n", "--radius", "2"]
    with viewing(file, *flags) as view:
        how: dict[str, Any] = {"direction": "TB", "theme": "dark", "legend": False, "focus": "n", "radius": 2}
        drawn = view.get("/view/drawing/svg")
        assert drawn.text == str(render(file, "svg", strict=True, **how))
        assert drawn.headers["cache-control"] == "no-store"
        turned = view.get("/view/drawing/svg?direction=RL")
        assert turned.text == str(render(file, "svg", strict=True, **how | {"direction": "RL"}))
        del how["theme"]
        for format in ("mermaid", "dot", "text"):
            assert view.get(f"/view/drawing/{format}").text == str(render(file, format, **how)), format
        assert view.get("/view/drawing/html").problem["status"] == 404
        page = view.get("/")
        assert "<title>graph.json – gradgraph</title>" in page.text
        assert '<noscript><img alt="The graph" src="view/drawing/svg"></noscript>' in page.text


def test_each_way_to_save_is_told_and_drawn(file, tmp_path):
    with viewing(file) as view, view.events() as events:
        assert next(events) == "saved"
        file.write_text(NEURON.replace('"x1"', '"in place"'), encoding="utf-8")
        assert next(events) == "saved"
        wait_until(lambda: ">in place<" in view.get("/view/drawing/svg").text)
        new = tmp_path / ".graph.json.swp"
        new.write_text(NEURON.replace('"x1"', '"renamed"'), encoding="utf-8")
        new.replace(view.file)
        assert next(events) == "saved"
        assert ">renamed<" in view.get("/view/drawing/svg").text
        file.unlink()
        assert next(events) == "saved"
        gone = view.get("/view/drawing/svg").problem
        assert (gone["status"], gone["detail"]) == (
            404,
            "the file graph.json cannot be read: No such file or directory",
        )
        file.write_text(BROKEN, encoding="utf-8")
        assert next(events) == "saved"
        broken = wait_until(lambda: view.get("/view/drawing/svg").problem.get("problems"))
        assert (broken[0]["line"], broken[0]["column"]) == (17, 52)
        assert view.get("/view/document").text == BROKEN
        file.write_text(NEURON, encoding="utf-8")
        assert next(events) == "saved"
        assert wait_until(lambda: view.get("/view/drawing/svg").status == 200)


def test_open_pages_keep_nobody_from_drawing_and_nobody_from_stopping(file):
    with viewing(file, GRADGRAPH_MAX_REQUESTS="1") as view:
        assert view.get("/view/drawing/svg").status == 200
        before = view.service.descriptors()
        with view.events() as last:
            with ExitStack() as opened:
                for _ in range(4):
                    assert next(opened.enter_context(view.events())) == "saved"
                assert next(last) == "saved"
                assert view.get("/view/drawing/svg").status == 200
            wait_until(lambda: view.service.descriptors() <= before + 1)
            interrupted(view.service)
            assert list(last) == ["end"]


@pytest.mark.parametrize("name", ["graph.yaml", "graph.gv"])
def test_other_documents_are_shown_as_well(tmp_path, name):
    graph = load(ROOT / "examples/neuron.json")
    file = tmp_path / name
    file.write_text(str(render(graph, "dot")) if name == "graph.gv" else dumps(graph, "yaml"), encoding="utf-8")
    with viewing(file) as view:
        assert view.get("/view/drawing/text").text == str(render(file, "text"))


def test_limits_are_those_of_ones_own_files(file):
    text = NEURON.replace('"label": "o"', f'"label": "{"o" * 600}"')  # more than strangers may write
    file.write_text(text, encoding="utf-8")
    with viewing(file) as view:
        assert view.get("/view/drawing/svg").status == 200
    with viewing(file, GRADGRAPH_MAX_NODES="5") as view:
        assert "max_nodes" in view.get("/view/drawing/svg").problem["problems"][0]["remedy"]


def test_a_browser_is_opened_unless_it_is_not_wanted(file, tmp_path):
    browser, told = tmp_path / "browser", tmp_path / "told"
    browser.write_text(f'#!/bin/sh\necho "$1" > {told}.new && mv {told}.new {told}\n', encoding="utf-8")
    browser.chmod(0o755)
    with running(command=("view", str(file)), ready=False, environment={"BROWSER": str(browser)}) as service:
        wait_until(told.exists)
        opened = told.read_text(encoding="utf-8").strip()
        assert opened.startswith(f"{service.address}/?token=")
        once = opened.removeprefix(service.address)  # others can read it, so it opens the page to the first one only
        assert [service.get(path).status for path in (once, once, service.first, service.first)] == [200, 403, 200, 200]
    told.unlink()
    with viewing(file, BROWSER=str(browser)) as view:
        assert view.get("/").status == 200
    assert not told.exists()


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["none.json"], 3, "none.json: No such file or directory"),
        (["."], 2, ". is no file that is saved: name the file of a document"),
        (["graph.json", "--fold", "all"], 2, "--fold"),
        (["graph.json", "--layout", "somebodys"], 2, "layout takes auto, dot, layered here, not 'somebodys'"),
    ],
)
def test_what_cannot_be_shown_is_said_at_once(file, arguments, status, says):
    ran = started("view", *arguments, "--no-browser", cwd=file.parent)
    assert (ran.returncode, ran.stdout) == (status, "")
    assert says in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("missing", ["starlette", "uvicorn", "anyio", "httptools", "cachetools", "prometheus_client"])
def test_the_extra_is_named_when_it_is_missing(missing):
    command = ["view", "examples/neuron.json"] if missing == "starlette" else ["serve"]
    ran = started(*command, cwd=ROOT, without=missing)
    assert ran.returncode == 3
    assert ran.stderr == f"the service needs {missing}: install it with pip install 'gradgraph[service]'\n"


def started(*arguments: str, cwd: Path, without: str = "") -> subprocess.CompletedProcess[str]:
    """The command run to its end, in a Python that lacks a package."""
    program = textwrap.dedent("""\
        import sys
        if sys.argv[1]:
            sys.modules[sys.argv[1]] = None
        del sys.argv[1]
        from gradgraph.__main__ import main
        main()
    """)
    return subprocess.run(
        [sys.executable, "-c", program, without, *arguments],
        capture_output=True,
        encoding="utf-8",
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=60,
        check=False,
    )
