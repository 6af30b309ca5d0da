"""What the service says instead of a drawing: a problem (RFC 9457), or a small picture that says it."""

import json
from collections.abc import Mapping, Sequence
from html import escape
from http import HTTPStatus
from textwrap import wrap
from typing import Any

from gradgraph.errors import Problem

MEDIA_TYPE = "application/problem+json"
SECURE_SVG = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""What an SVG may do when it is opened as a document: nothing but have colours."""


class Refusal(Exception):
    """A request that gets no drawing. `status` is that of HTTP, and `detail` a sentence for its sender.

    `problems` are those of a document, and `retry_after` is in seconds.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        problems: Sequence[Problem] = (),
        retry_after: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail)
        self.status = status
        self.detail = detail
        self.problems = tuple(problems)
        self.headers = {"Cache-Control": "no-store", **(headers or {})}
        if retry_after is not None:
            self.headers["Retry-After"] = str(retry_after)

    def as_json(self) -> bytes:
        """Return the problem details, with the document's problems as `problems`."""
        said: dict[str, Any] = {"title": HTTPStatus(self.status).phrase, "status": self.status, "detail": self.detail}
        if self.problems:
            said["problems"] = [problem_object(problem) for problem in self.problems]
        return as_json(said)

    def as_svg(self) -> bytes:
        """Return a picture of the problem, for a page that shows an image and nothing else."""
        lines = [f"{self.status} {HTTPStatus(self.status).phrase}", *wrap(self.detail, 72)[:4]]
        lines += [line for problem in self.problems[:3] for line in wrap(str(problem), 72)[:2]]
        height = 20 * len(lines) + 20
        rows = "".join(f'<text x="16" y="{20 * row + 26}">{_readable(line)}</text>' for row, line in enumerate(lines))
        said = _readable(" ".join(lines))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="560" height="{height}" viewBox="0 0 560 {height}" '
            f'role="img" aria-label="{said}" font-family="sans-serif" font-size="13" fill="#7a1f1f">'
            f'<rect x="0.5" y="0.5" width="559" height="{height - 1}" fill="#fdf3f2" stroke="#c0392b"/>{rows}</svg>\n'
        ).encode("utf-8", "backslashreplace")


def as_json(what: object) -> bytes:
    r"""Return an object as JSON. Half a surrogate pair, which UTF-8 cannot hold, is written as an escape.

    >>> as_json("\ud800")
    b'"\\ud800"\n'
    """
    return (json.dumps(what, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def problem_object(problem: Problem) -> dict[str, Any]:
    """Return a problem of a document as an object, without what is not known of it."""
    return {name: part for name, part in problem._asdict().items() if part is not None and name != "source"}


def _readable(text: str) -> str:
    return escape("".join(c if c.isprintable() else "\ufffd" for c in text))
