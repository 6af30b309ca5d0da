"""Addresses at which a render service draws a document, with the options as query parameters."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from gradgraph.drawing.registry import find_renderer
from gradgraph.drawing.selection import Selection
from gradgraph.errors import OptionError, TooLarge
from gradgraph.option_records import fields_of

DEFAULT_BASE = "http://127.0.0.1:8000"
LONGEST = 8_000
"""Characters of an address. Servers and proxies should take 8,000 (RFC 9110, section 4.1), and many take no more."""


def address(base: str, format: str, packed: str, options: Mapping[str, Any]) -> str:
    """Return the address that draws a packed document in a format: BASE/v1/render/FORMAT/PACKED?NAME=VALUE.

    `options` are those of the drawing and of what is selected, by name; a parameter has the name of the flag. Raises
    OptionError for a base that is no http or https address, and TooLarge beyond 8,000 characters.

    >>> address("https://example.org/graphs/", "svg", "eJyrrgUAAXUA-Q", {"local": True, "max_boxes": 9})
    'https://example.org/graphs/v1/render/svg/eJyrrgUAAXUA-Q?show-local=true&max-boxes=9'
    """
    query = urlencode(list(_parameters(format, options)))
    service = f"{_checked(base)}/v1/render/{quote(format, safe='')}"
    found = f"{service}/{packed}{'?' if query else ''}{query}"
    if len(found) > LONGEST:
        instead = f"POST the document to {service}{'?' if query else ''}{query}, or shorten it with --for-picture"
        raise TooLarge(f"the address would have {len(found):,} characters, and {LONGEST:,} is the most: {instead}")
    return found


def _parameters(format: str, options: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    fields = [*fields_of(Selection), *fields_of(find_renderer(format).Options)]
    names = {field.name: field.flag.removeprefix("--") for field in fields}
    for name, value in options.items():
        for each in value if isinstance(value, (tuple, list)) else (value,):
            yield names.get(name, name.replace("_", "-")), str(each).lower() if isinstance(each, bool) else str(each)


def _checked(base: str) -> str:
    try:
        parts = urlsplit(base)
        sound = parts.scheme in ("http", "https") and parts.hostname and not parts.query and not parts.fragment
        sound = sound and parts.port != 0 and base.isascii() and base.isprintable() and " " not in base
    except ValueError:
        sound = False
    if not sound:
        raise OptionError(f"the base of an address is http://HOST/… or https://HOST/…, not {base!r:.100}")
    return base.rstrip("/")
