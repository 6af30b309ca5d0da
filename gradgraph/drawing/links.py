"""Where the nodes of a picture link to. Only addresses that cannot run anything."""

import re
from collections.abc import Callable
from string import Formatter
from urllib.parse import quote

from gradgraph.errors import OptionError
from gradgraph.graph.model import Node

# RFC 3986: the characters of an address, and how one starts that leads to a place or is relative.
_CHARACTERS = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")
_ALLOWED = re.compile(r"https?://[^/]|mailto:|[^:]*(?:[/?#]|$)", re.IGNORECASE)
_FIELDS = ("id", "label", "op")


def linker(template: str) -> Callable[[Node], str]:
    """What gives the address of a node: the template, its fields filled in and percent-encoded.

    >>> linker("docs.html?node={id}#{label}")(Node(id=7, data=1.0, grad=None, label="a b"))
    'docs.html?node=n7#a%20b'

    Raises OptionError for an address of another scheme than http, https and mailto, for characters no address has,
    and for an unknown field.

    >>> linker("javascript:alert({id})")
    Traceback (most recent call last):
    gradgraph.errors.OptionError: a link is http:, https:, mailto: or relative, not 'javascript:alert({id})'
    """
    try:
        parts = [(text, field, spec, conversion) for text, field, spec, conversion in Formatter().parse(template)]
    except ValueError as error:
        raise OptionError(f"the link {template!r} has an unmatched brace ({error})") from None
    for text, field, spec, conversion in parts:
        if field is not None and (field not in _FIELDS or spec or conversion):
            raise OptionError(f"a link has the fields {{id}}, {{label}} and {{op}}, not {{{field}}}")
        if text and not _CHARACTERS.fullmatch(text):
            raise OptionError(f"the link {template!r} has a character that no address has: percent-encode it")
    if not _ALLOWED.match("".join([text + ("x" if field else "") for text, field, _, _ in parts])):
        raise OptionError(f"a link is http:, https:, mailto: or relative, not {template!r}")

    def link(node: Node) -> str:
        facts = {"id": f"n{node.id}", "label": node.label, "op": node.op or ""}
        encoded = {name: quote(fact, safe="", errors="replace") for name, fact in facts.items()}
        return "".join([text + (encoded[field] if field else "") for text, field, _, _ in parts])

    return link
