"""A page in Chromium as a person uses it: keys, files dropped, and what can be seen."""

import base64
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image

from tests.browser import Ask, devtools
from tests.service.running import wait_until

KEYS = {"Tab": 9, "Enter": 13, "ArrowRight": 39, "ArrowLeft": 37, "ArrowDown": 40, " ": 32, "+": 187, "-": 189, "0": 48}


class Tab:
    """A page, and what a person does with it."""

    def __init__(self, ask: Ask) -> None:
        target = ask("Target.createTarget", url="about:blank")["targetId"]
        self._ask = ask
        self._target = target
        self._session = str(ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"])
        self.do("Page.enable")
        # Whatever the page does that its policy forbids is kept, for `violations`.
        self.do(
            "Page.addScriptToEvaluateOnNewDocument",
            source="window.forbidden = []; addEventListener('securitypolicyviolation',"
            " event => forbidden.push(event.violatedDirective + ' ' + event.blockedURI))",
        )

    def do(self, method: str, **params: Any) -> dict[str, Any]:
        """What DevTools answer."""
        return self._ask(method, self._session, **params)

    def open(self, address: str) -> "Tab":
        """This page at an address, once it has loaded."""
        self.do("Page.navigate", url=address)
        self.wait(f"location.href != 'about:blank' && document.readyState == 'complete' /* {address} */")
        return self

    def look(self, expression: str) -> Any:
        """The value of an expression in the page. A promise is waited for."""
        told = self.do("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    def wait(self, expression: str) -> Any:
        """The value of an expression, once it is true."""
        return wait_until(lambda: self.look(expression), 30)

    def press(self, *keys: str) -> None:
        """Press keys, one after the other: by name, or as the character they write."""
        for key in keys:
            text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
            how = {"key": key, "windowsVirtualKeyCode": KEYS[key], "code": key}
            self.do("Input.dispatchKeyEvent", type="keyDown", text=text, **how)
            self.do("Input.dispatchKeyEvent", type="keyUp", **how)

    def tab_to(self, selector: str) -> None:
        """Press Tab until the element has the focus, as somebody without a mouse does."""
        for _ in range(40):
            self.press("Tab")
            if self.look(f"document.activeElement.matches({json.dumps(selector)})"):
                return
        raise AssertionError(f"no Tab leads to {selector}")

    def write(self, text: str) -> None:
        """Write into what has the focus."""
        self.do("Input.insertText", text=text)

    def drop(self, path: Path) -> None:
        """Drop a file in the middle of the page."""
        data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            self.do("Input.dispatchDragEvent", type=kind, x=200, y=200, data=data)

    def size(self, width: int, height: int, dark: bool = False) -> None:
        """Give the page so many px, and a reader who likes it dark."""
        self.do("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.do("Emulation.setEmulatedMedia", features=features)

    def shot(self, whole: bool = False) -> Image.Image:
        """What the page looks like: what can be seen at once, or the `whole` of it."""
        shot = self.do("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        return Image.open(io.BytesIO(base64.b64decode(shot["data"])))

    def close(self) -> None:
        """Close the page."""
        self._ask("Target.closeTarget", targetId=self._target)

    def violations(self) -> list[str]:
        """What the page tried that its policy forbids."""
        return list(self.look("window.forbidden"))


@contextmanager
def browsing(*flags: str) -> Iterator[Ask]:
    """Chromium, for tabs."""
    with devtools(*flags) as (ask, _):
        yield ask
