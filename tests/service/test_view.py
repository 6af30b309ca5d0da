"""`gradgraph view`: a file of one's own, drawn whenever it is saved, for whoever has the token."""

import http.client
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gradgraph import dumps, load, render
from tests.conftest import ROOT
from tests.service.serving import PATIENCE, Answer, Running, eventually

NEURON = (ROOT / "examples/neuron.json").read_text(encoding="utf-8")
BROKEN = NEURON.replace('"operands": [8]', '"operands": [9]')


class Viewed(Running):
    """`gradgraph view FILE ARGUMENTS`, and the requests of somebody who has the cookie."""

    def __init__(self, file: Path, *arguments: str, **how) -> None:
        super().__init__("view", str(file), "--no-browser", *arguments, **how)
        self.file = file
        self.first = self.address.partition(str(self.port))[2]
        self.cookie = self.get(self.first).headers["set-cookie"].partition(";")[0]

    def mine(self, path: str) -> Answer:
        """The answer to GET with the cookie."""
        return self.get(path, Cookie=self.cookie)

    @contextmanager
    def events(self) -> Iterator[Iterator[str]]:
        """The names of the events that the service sends, as they come."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)
        connection.request("GET", "/view/events", headers={"Cookie": self.cookie})
        response = connection.getresponse()
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        try:
            yield (line[7:].decode().strip() for line in response if line.startswith(b"event: "))
        finally:
            response.close()
            connection.close()


@pytest.fixture
def viewed(tmp_path):
    """Start views of a file: `viewed("--fold", "none")`. Each ends well in the end."""
    file = tmp_path / "graph.json"
    file.write_text(NEURON, encoding="utf-8")
    running: list[Viewed] = []

    def start(*arguments: str, **how) -> Viewed:
        running.append(Viewed(file, *arguments, **how))
        return running[-1]

    yield start
    for each in running:
        each.__exit__(None, None, None)


def test_nothing_is_answered_without_the_token(viewed):
    view = viewed(env={"GRADGRAPH_LISTEN": "0.0.0.0:1", "GRADGRAPH_HOSTS": "*", "GRADGRAPH_ORIGINS": "*"})
    assert view.host == "127.0.0.1"
    paths = ["/", "/page/page.js", "/view/drawing/svg", "/view/document", "/view/events", "/healthz", "/metrics"]
    paths += ["/readyz", "/openapi.json", "/v1/renderers", "/none", "/?token=", "/?token=%C3%A9", "/?token=x&token=y"]
    for path in paths:
        assert view.get(path).problem["status"] == 403, path
        assert view.get(path, Cookie=f"gradgraph-{view.port}=wrong").problem["status"] == 403, path
        assert view.get(path, Host=f"evil.example:{view.port}", Cookie=view.cookie).status == 421 or path in OPEN, path
    assert view.get(view.first.replace("/?", "/healthz?")).problem["status"] == 403
    assert view.post("/v1/render/svg", NEURON.encode()).problem["status"] == 403
    token = view.first.removeprefix("/?token=")
    assert len(token) == 32
    cookie = f"gradgraph-{view.port}={token}; Path=/; HttpOnly; SameSite=Strict"
    assert view.get(view.first).headers["set-cookie"] == cookie
    assert "set-cookie" not in view.mine("/").headers
    assert "access-control-allow-origin" not in view.get(view.first, Origin="https://evil.example").headers


OPEN = ("/healthz", "/metrics", "/readyz")
"""Paths that answer under any name of this host, to those who have the token."""


def test_the_file_is_drawn_as_render_draws_it(viewed):
    view = viewed("--direction", "TB", "--theme", "dark", "--no-legend", "--focus", "n", "--radius", "2")
    how: dict[str, Any] = {"direction": "TB", "theme": "dark", "legend": False, "focus": "n", "radius": 2}
    drawn = view.mine("/view/drawing/svg")
    assert drawn.text == str(render(view.file, "svg", strict=True, **how))
    assert drawn.headers["cache-control"] == "no-store"
    turned = view.mine("/view/drawing/svg?direction=RL")
    assert turned.text == str(render(view.file, "svg", strict=True, **how | {"direction": "RL"}))
    del how["theme"]
    for format in ("mermaid", "dot", "text"):
        assert view.mine(f"/view/drawing/{format}").text == str(render(view.file, format, **how)), format
    assert view.mine("/view/drawing/html").problem["status"] == 404
    page = view.mine("/")
    assert "<title>graph.json – gradgraph</title>" in page.text
    assert '<noscript><img alt="The graph" src="view/drawing/svg"></noscript>' in page.text


def test_each_way_to_save_is_told_and_drawn(viewed, tmp_path):
    view = viewed()
    with view.events() as events:
        assert next(events) == "saved"
        view.file.write_text(NEURON.replace('"x1"', '"in place"'), encoding="utf-8")
        assert next(events) == "saved"
        eventually(lambda: ">in place<" in view.mine("/view/drawing/svg").text)
        new = tmp_path / ".graph.json.swp"
        new.write_text(NEURON.replace('"x1"', '"renamed"'), encoding="utf-8")
        new.replace(view.file)
        assert next(events) == "saved"
        assert ">renamed<" in view.mine("/view/drawing/svg").text
        view.file.unlink()
        assert next(events) == "saved"
        gone = view.mine("/view/drawing/svg").problem
        assert (gone["status"], gone["detail"]) == (
            404,
            "the file graph.json cannot be read: No such file or directory",
        )
        view.file.write_text(BROKEN, encoding="utf-8")
        assert next(events) == "saved"
        broken = eventually(lambda: view.mine("/view/drawing/svg").problem.get("problems"))
        assert (broken[0]["line"], broken[0]["column"]) == (17, 52)
        assert view.mine("/view/document").text == BROKEN
        view.file.write_text(NEURON, encoding="utf-8")
        assert next(events) == "saved"
        assert eventually(lambda: view.mine("/view/drawing/svg").status == 200)


def test_open_pages_keep_nobody_from_drawing_and_nobody_from_stopping(viewed):
    view = viewed(env={"GRADGRAPH_MAX_REQUESTS": "1"})
    assert view.mine("/view/drawing/svg").status == 200
    files = Path(f"/proc/{view.process.pid}/fd")
    before = len(list(files.iterdir())) if files.exists() else 0
    opened = [view.events() for _ in range(5)]
    streams = [each.__enter__() for each in opened]
    assert [next(stream) for stream in streams] == ["saved"] * 5
    assert view.mine("/view/drawing/svg").status == 200
    for each in opened[:4]:
        each.__exit__(None, None, None)
    eventually(lambda: not files.exists() or len(list(files.iterdir())) <= before + 1)
    view.stop(signal.SIGINT)
    assert list(streams[4]) == ["end"]
    opened[4].__exit__(None, None, None)


@pytest.mark.parametrize("name", ["graph.yaml", "graph.gv"])
def test_other_documents_are_shown_as_well(tmp_path, name):
    graph = load(ROOT / "examples/neuron.json")
    file = tmp_path / name
    file.write_text(str(render(graph, "dot")) if name == "graph.gv" else dumps(graph, "yaml"), encoding="utf-8")
    with Viewed(file) as view:
        assert view.mine("/view/drawing/text").text == str(render(file, "text"))


def test_limits_are_those_of_ones_own_files(viewed):
    text = NEURON.replace('"label": "o"', f'"label": "{"o" * 600}"')  # more than strangers may write
    view = viewed()
    view.file.write_text(text, encoding="utf-8")
    assert view.mine("/view/drawing/svg").status == 200
    few = viewed(env={"GRADGRAPH_MAX_NODES": "5"})
    assert "max_nodes" in few.mine("/view/drawing/svg").problem["problems"][0]["remedy"]


def test_a_browser_is_opened_unless_it_is_not_wanted(tmp_path):
    file = tmp_path / "graph.json"
    file.write_text(NEURON, encoding="utf-8")
    browser, told = tmp_path / "browser", tmp_path / "told"
    browser.write_text(f'#!/bin/sh\necho "$1" > {told}.new && mv {told}.new {told}\n', encoding="utf-8")
    browser.chmod(0o755)
    with Running("view", str(file), env={"BROWSER": str(browser)}) as view:
        eventually(told.exists)
        assert told.read_text(encoding="utf-8").strip() == view.address
    told.unlink()
    with Running("view", str(file), "--no-browser", env={"BROWSER": str(browser)}) as view:
        assert view.get(view.address.partition(str(view.port))[2]).status == 200
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
def test_what_cannot_be_shown_is_said_at_once(tmp_path, arguments, status, says):
    (tmp_path / "graph.json").write_text(NEURON, encoding="utf-8")
    ran = started("view", *arguments, "--no-browser", cwd=tmp_path)
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
        timeout=PATIENCE,
        check=False,
    )
