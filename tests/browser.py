"""Chromium without a window, as the judge of what a page shows."""

import io
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import IO, Any

from PIL import Image

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--disable-dev-shm-usage",
)


FRAME = 150
"""px that a window is higher than its page, at least: what is below the page is painted or not, as it happens."""


def find_chromium() -> str | None:
    """The path of Chromium, None if it is not installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def chromium(*arguments: str) -> str:
    """What Chromium prints, run with a profile of its own. Raises CalledProcessError when it fails."""
    program = find_chromium()
    assert program, "chromium is not installed"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        ran = subprocess.run(
            [program, *FLAGS, f"--user-data-dir={profile}", *arguments],
            capture_output=True,
            encoding="utf-8",
            check=True,
            timeout=180,
            env={**os.environ, "HOME": profile},
        )
    return ran.stdout


def answer(body: str, script: str, folder: Path, *arguments: str) -> Any:
    """What `script`, the body of an async function, returns as JSON in a page of this body."""
    page = folder / "page.html"
    page.write_text(
        f"<!doctype html><meta charset=utf-8><title>page</title><body>{body}<pre id=answer></pre><script>"
        f"(async () => {{ {script} }})().then(result => JSON.stringify(result), error => JSON.stringify(String(error)))"
        ".then(text => { const at = document.getElementById('answer'); at.textContent = text; at.className = 'done' })"
        "</script>",
        encoding="utf-8",
    )
    dom = chromium("--dump-dom", "--virtual-time-budget=120000", *arguments, page.as_uri())
    found = re.search(r'<pre id="answer" class="done">(.*?)</pre>', dom, re.DOTALL)
    assert found, dom[:2000]
    return json.loads(unescape(found[1]))


def screenshot(page: Path, width: int, height: int, scale: int) -> Image.Image:
    """What a page looks like: its first `width` by `height` px, each of `scale` pixels a side."""
    with tempfile.TemporaryDirectory() as folder:
        shot = Path(folder, "shot.png")
        chromium(
            f"--screenshot={shot}",
            f"--window-size={width},{height + FRAME}",
            f"--force-device-scale-factor={scale}",
            page.as_uri(),
        )
        return Image.open(io.BytesIO(shot.read_bytes())).crop((0, 0, width * scale, height * scale))


Ask = Callable[..., dict[str, Any]]
"""Asks Chromium's DevTools: `ask(method, session, **params)` gives the result."""


@contextmanager
def devtools(*flags: str) -> Iterator[tuple[Ask, Iterator[dict[str, Any]]]]:
    """Chromium with its DevTools, and the messages they send by themselves.

    https://chromedevtools.github.io/devtools-protocol/, over the pipe of --remote-debugging-pipe: messages are JSON
    with a zero byte at the end, to descriptor 3 and from descriptor 4.
    """
    program = find_chromium()
    assert program, "chromium is not installed"
    to_chromium, ours = os.pipe()
    theirs, from_chromium = os.pipe()
    start = f'exec "$@" 3<&{to_chromium} 4>&{from_chromium}'
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        own = [*FLAGS, *flags, f"--user-data-dir={profile}", "--remote-debugging-pipe", "about:blank"]
        process = subprocess.Popen(
            ["bash", "-c", start, "bash", program, *own],
            pass_fds=(to_chromium, from_chromium),
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": profile},
        )
        os.close(to_chromium)
        os.close(from_chromium)
        timer = threading.Timer(180, process.kill)  # which ends the pipe, and with it whoever reads
        timer.start()
        try:
            with os.fdopen(ours, "wb", 0) as sending, os.fdopen(theirs, "rb", 0) as receiving:
                messages = _messages(receiving)

                def ask(method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
                    request = {"id": 1, "method": method, "params": params}
                    sending.write(json.dumps(request | ({"sessionId": session} if session else {})).encode() + b"\0")
                    answer = next(message for message in messages if message.get("id") == 1)
                    assert "error" not in answer, answer
                    return dict(answer["result"])

                yield ask, messages
        finally:
            timer.cancel()
            process.kill()
            process.wait()


def opened(url: str, ask: Ask, messages: Iterator[dict[str, Any]]) -> str:
    """The session of a new page at this address, once it has loaded."""
    target = ask("Target.createTarget", url="about:blank")["targetId"]
    session = str(ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"])
    ask("Page.enable", session)
    ask("Page.navigate", session, url=url)
    next(message for message in messages if message.get("method") == "Page.loadEventFired")
    return session


def answers(bodies: Iterable[str], script: str, folder: Path, *flags: str) -> list[Any]:
    """What `answer` gives for each of these bodies, by one Chromium."""
    page, found = folder / "page.html", []
    with devtools(*flags) as (ask, messages):
        for body in bodies:
            page.write_text(f"<!doctype html><meta charset=utf-8><title>page</title><body>{body}", encoding="utf-8")
            session = opened(page.as_uri(), ask, messages)
            how = {"expression": f"(async () => {{ {script} }})()", "awaitPromise": True, "returnByValue": True}
            told = ask("Runtime.evaluate", session, **how)
            assert "exceptionDetails" not in told, told
            found.append(told["result"]["value"])
    return found


def accessibility_trees(urls: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """What a screen reader is told of each page: the nodes that Chromium's DevTools list."""
    with devtools() as (ask, messages):
        return {url: ask("Accessibility.getFullAXTree", opened(url, ask, messages))["nodes"] for url in urls}


def _messages(receiving: IO[bytes]) -> Iterator[dict[str, Any]]:
    held = bytearray()
    while chunk := receiving.read(1 << 16):
        held += chunk
        *whole, held = held.split(b"\0")
        yield from map(json.loads, whole)
