"""Chromium without a window, as the judge of what a page shows."""

import json
import os
import re
import shutil
import subprocess
import tempfile
from html import unescape
from pathlib import Path
from typing import Any

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
