"""A notebook that somebody else has run, in JupyterLab: it is not trusted, and shows a picture all the same."""

import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

import nbformat
from IPython.core.formatters import DisplayFormatter

from tests.browser import devtools, find_chromium, opened
from tests.conftest import example, need

Found = TypeVar("Found")

SHOWN = """(() => {
    const outputs = [...document.querySelectorAll('.jp-OutputArea-output')];
    const images = outputs.map(output => output.querySelector('img'));
    if (outputs.length < 2 || images.some(image => image && !image.complete)) return null;
    return outputs.map((output, index) => [output.dataset.mimeType, images[index] && images[index].naturalWidth]);
})()"""


def test_a_shared_notebook_shows_the_png(layout_engine, tmp_path):
    need("chromium", find_chromium())
    need("jupyterlab", find_spec("jupyterlab"))
    bundle, _ = DisplayFormatter().format(example("neuron"))
    bundle["image/png"] = base64.b64encode(bundle["image/png"]).decode()
    without = {kind: content for kind, content in bundle.items() if kind != "image/png"}
    cells = [
        nbformat.v4.new_code_cell("o", outputs=[nbformat.v4.new_output("display_data", data)])
        for data in (bundle, without)
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "shared.ipynb")
    with jupyterlab(tmp_path) as address, devtools("--window-size=1100,800") as (ask, messages):
        page = opened(f"{address}doc/tree/shared.ipynb", ask, messages)

        def shown() -> list[object] | None:
            return ask("Runtime.evaluate", page, expression=SHOWN, returnByValue=True)["result"].get("value")

        assert until(shown) == [["image/png", 846], ["text/plain", None]]
        if "GRADGRAPH_SCREENSHOT" in os.environ:  # to look at it
            picture = ask("Page.captureScreenshot", page)["data"]
            Path(os.environ["GRADGRAPH_SCREENSHOT"]).write_bytes(base64.b64decode(picture))


@contextmanager
def jupyterlab(folder: Path) -> Iterator[str]:
    """The address of a JupyterLab on this folder that has no settings and has never trusted a notebook."""
    own = {name: str(folder / name.lower()) for name in ("HOME", "JUPYTER_RUNTIME_DIR")}
    settings = ["--ServerApp.ip=127.0.0.1", "--ServerApp.port=0", "--IdentityProvider.token="]
    settings += ["--ServerApp.allow_root=True", "--ServerApp.open_browser=False", f"--ServerApp.root_dir={folder}"]
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *settings],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **own, "JUPYTER_NO_CONFIG": "1"},
    )
    try:
        (server,) = until(lambda: [*Path(own["JUPYTER_RUNTIME_DIR"]).glob("jpserver-*.json")])
        yield str(json.loads(server.read_text(encoding="utf-8"))["url"])
    finally:
        process.kill()
        process.wait()


def until(look: Callable[[], Found | None]) -> Found:
    """What there is to see as soon as there is something."""
    for _ in range(400):
        if found := look():
            return found
        time.sleep(0.3)
    raise AssertionError("nothing came in two minutes")
