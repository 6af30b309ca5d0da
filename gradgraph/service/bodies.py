"""The body of a request: read in bounds, inflated once, and known to be JSON or YAML."""

import asyncio
import zlib
from typing import Literal

from starlette.requests import Request

from gradgraph.document import packing
from gradgraph.errors import DocumentError, TooLarge
from gradgraph.service.refusals import Refusal
from gradgraph.service.settings import Settings

Kind = Literal["json", "yaml"]
KINDS: dict[str, Kind] = {
    "application/vnd.gradgraph+json": "json",
    "application/json": "json",
    "application/yaml": "yaml",
    "application/x-yaml": "yaml",
    "text/yaml": "yaml",
    "text/x-yaml": "yaml",
}
_WINDOWS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
"""Sizes that tell zlib the container of a content coding: `wbits` of zlib.decompressobj."""
_UNTOLD = ("", "application/x-www-form-urlencoded")
"""What programs such as curl call a body unless they are told: these are looked into."""


async def read_body(request: Request, settings: Settings) -> bytes:
    """Return the whole body, inflated. Raises Refusal: 408, 413 and 415, and 400 for a broken coding."""
    window = _window(request)
    most = settings.body_bytes
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length.lstrip("0")[:20] or "0") > most:
        raise _too_long(most)
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(settings.body_seconds):
            async for part in request.stream():
                size += len(part)
                if size > most:
                    raise _too_long(most)
                parts.append(part)
    except TimeoutError:
        sentence = f"the body did not arrive within {settings.body_seconds:g} seconds: send it at once"
        raise Refusal(408, sentence, headers={"Connection": "close"}) from None
    body = b"".join(parts)
    return inflate(body, window, most) if window else body


def kind_of(content_type: str, body: bytes) -> Kind:
    """Return whether a body is JSON or YAML. Raises Refusal, with 415.

    >>> kind_of("text/yaml; charset=utf-8", b""), kind_of("", b" {}")
    ('yaml', 'json')
    """
    media, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charset = next((text[8:].strip('"') for text in parameters if text.startswith("charset=")), "utf-8")
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise Refusal(415, "documents are UTF-8: send the document so, or leave the charset out")
    if media in KINDS:
        return KINDS[media]
    if media in _UNTOLD and body.lstrip()[:1] == b"{":
        return "json"
    raise Refusal(
        415, f"this media type is no document: send {' or '.join(KINDS)}", headers={"Accept": ", ".join(KINDS)}
    )


def inflate(body: bytes, window: int, most: int) -> bytes:
    """Return what a zlib or gzip stream holds, at most `most` bytes. Raises Refusal with 400 or 413.

    >>> inflate(zlib.compress(b"{}"), 15, 100)
    b'{}'
    """
    inflater = zlib.decompressobj(window)
    try:
        text = inflater.decompress(body, most + 1)
    except zlib.error:
        raise Refusal(400, "the document is not compressed as it says: send it as it is") from None
    if len(text) > most:
        raise _too_long(most)
    if not inflater.eof or inflater.unused_data:
        raise Refusal(400, "the compressed document is cut short, or something follows it: send one whole stream")
    return text


def _window(request: Request) -> int:
    coding = ",".join(request.headers.getlist("content-encoding")).strip().lower()
    if coding in ("", "identity"):
        return 0
    if coding not in _WINDOWS:
        raise Refusal(
            415, "only gzip and deflate are inflated, and only once", headers={"Accept-Encoding": "gzip, deflate"}
        )
    return _WINDOWS[coding]


def _too_long(most: int) -> Refusal:
    return Refusal(413, f"the document is larger than {most:,} bytes: draw a part of it")


def unpacked(packed: str, most: int) -> bytes:
    """Return the document in an address, of at most `most` bytes. Raises Refusal with 400 or 413."""
    try:
        return packing.unpacked(packed, most)
    except TooLarge:
        raise _too_long(most) from None
    except DocumentError as error:
        raise Refusal(400, str(error)) from None
