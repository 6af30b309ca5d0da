"""YAML → the same document as JSON text, on PyYAML's events.

Only what JSON can say is taken: mappings with text keys, sequences, and scalars that are JSON numbers, `true`, `false`,
`null` or texts. Aliases, anchors, tags and merge keys are refused, and so is a plain scalar that YAML 1.1 reads as
something JSON has no word for (`yes`, `~`, `0x10`, a date). Nothing is constructed and depth is bounded, so neither
an alias bomb nor a nest of brackets gets far. PyYAML reads `1e-07` as a text; here it is the number it is in JSON.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from json.encoder import encode_basestring as _quote
from typing import Any

import yaml

from gradgraph.document.locating import Path, Step, Wanted, wanted
from gradgraph.document.malformed import text_flaw
from gradgraph.document.rules import Broken
from gradgraph.limits import DEEPEST, Limits, how_to_raise
from gradgraph.remembering import remember_short

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_IMPLICIT = yaml.SafeLoader.yaml_implicit_resolvers
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORDS = ("true", "false", "null")
_TOO_DEEP_FOR_LIBYAML = "exceeded maximum nesting depth"
_DIRECTIVE = re.compile(rb"(?:[ \t]*+(?:#[^\r\n]*+)?[\r\n]++|%YAML[^\r\n]*+[\r\n]++)*+%(?!YAML\b)")
"""A directive before the document, past comments and `%YAML`. libyaml takes quadratic time for many of `%TAG`."""
_NOTHING = re.compile(rb"(?:[ \t\r\n]++|#[^\r\n]*+)*+\Z")


class NotOurYaml(Exception):
    """Why a YAML text is not a document. `broken.offset` counts bytes."""

    def __init__(self, broken: Broken) -> None:
        super().__init__(broken.sentence)
        self.broken = broken


def to_json(data: bytes, limits: Limits) -> bytes:
    """The JSON text that says what the YAML text says, duplicate keys included. Raises NotOurYaml.

    >>> to_json(b"a: [1e-07, 'x']", Limits())
    b'{"a":[1e-07,"x"]}'
    """
    parts: list[str] = []
    expected: list[str] = []  # of each open collection: its next "item", or of a mapping its next "key" or "value"
    for event in _events(data, limits.max_depth):
        kind = type(event)
        if kind is yaml.ScalarEvent:
            here = expected[-1] if expected else "item"
            if here == "value":
                expected[-1] = "key"
            elif parts and parts[-1] not in "[{":
                parts.append(",")
            if here == "key":
                parts += _key(data, event), ":"
                expected[-1] = "value"
            else:
                parts.append(_scalar(data, event))
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            here = expected[-1] if expected else "item"
            if here == "value":
                expected[-1] = "key"
            elif here == "key":
                raise _not_ours(data, event, "a key must be a text")
            elif parts and parts[-1] not in "[{":
                parts.append(",")
            is_mapping = kind is yaml.MappingStartEvent
            parts.append("{" if is_mapping else "[")
            expected.append("key" if is_mapping else "item")
            if len(expected) > limits.max_depth:
                raise NotOurYaml(_too_deep(limits.max_depth, _byte(data, event.start_mark.index)))
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            expected.pop()
            parts.append("}" if kind is yaml.MappingEndEvent else "]")
        elif kind is yaml.DocumentStartEvent and parts:
            raise _not_ours(data, event, "a second document starts here", "keep one in a file")
    if not parts:
        raise NotOurYaml(Broken((), "the document is empty", offset=0))
    return "".join(parts).encode()


class YamlLocator:
    """Finds where values start in one YAML text, which must be one that `to_json` takes."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def offsets(self, paths: Sequence[Path]) -> list[int]:
        """Return the byte offsets of the values at some paths, of the last value on the way where one leads nowhere.

        The text is read once, however many paths there are.
        """
        root = wanted(paths)
        self._find(root)
        indices = [root.nearest(path) for path in paths]
        starts = _byte_offsets(self.data.decode(), indices)
        return [starts[index] for index in indices]

    def _find(self, root: Wanted) -> None:
        """Set the offsets of all that is wanted, counting characters."""
        path: list[_Open] = []
        for event in _events(self.data):
            kind = type(event)
            if kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                path.pop()
                continue
            if kind not in (yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent):
                continue
            here = path[-1] if path else None
            if here is not None and here.key_next:
                here.step, here.key_next = event.value, False
                continue
            found: Wanted | None = root
            if here is not None:
                if here.is_mapping:
                    here.key_next = True
                else:
                    here.step = int(here.step) + 1
                found = here.wanted.inside.get(here.step) if here.wanted else None
            if found is not None:
                if found.offset is None:
                    found.offset = event.start_mark.index
                else:
                    found = None  # the second of two equal keys
            if kind is not yaml.ScalarEvent:
                path.append(_Open(found, kind is yaml.MappingStartEvent))


class _Open:
    """A collection being read: the places wanted in it, if any, and the step to the value that is read next."""

    __slots__ = ("is_mapping", "key_next", "step", "wanted")

    def __init__(self, wanted: Wanted | None, is_mapping: bool) -> None:
        self.wanted = wanted
        self.is_mapping = is_mapping
        self.key_next = is_mapping
        self.step: Step = -1


def _byte_offsets(text: str, indices: Iterable[int]) -> dict[int, int]:
    """Return the bytes at which these characters start, in one pass of `text`."""
    found: dict[int, int] = {}
    at = offset = 0
    for index in sorted(set(indices)):
        offset += len(text[at:index].encode())
        found[index] = offset
        at = index
    return found


def _too_deep(max_depth: int, offset: int) -> Broken:
    return Broken((), f"nested deeper than max_depth = {max_depth}", how_to_raise("max_depth"), offset)


def _events(data: bytes, max_depth: int = DEEPEST) -> Iterator[Any]:
    """The parser's events, with anchors, aliases and tags refused. Depth is the caller's to bound.

    The parser has a bound of its own far above `max_depth`, and reads ahead: it may meet that before the first event.
    """
    flaw = text_flaw(data)
    if flaw is not None:
        raise NotOurYaml(flaw)
    directive = _DIRECTIVE.match(data)
    if directive is not None:
        raise NotOurYaml(Broken((), "directives are not taken", "remove it", directive.end() - 1))
    try:
        for event in yaml.parse(data.decode(), Loader=_LOADER):
            if getattr(event, "anchor", None) is not None:
                raise _not_ours(data, event, "anchors and aliases are not taken", "write the value out")
            if getattr(event, "tag", None) is not None:
                raise _not_ours(data, event, "tags are not taken", "remove it")
            if type(event) is yaml.DocumentEndEvent and event.explicit and event.end_mark:
                end = _byte(data, event.end_mark.index)
                if _NOTHING.match(data, end) is None:
                    raise NotOurYaml(Broken((), "the text goes on behind the document", "keep one in a file", end))
            yield event
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        offset = _byte(data, mark.index) if mark else 0
        if error.problem == _TOO_DEEP_FOR_LIBYAML:
            raise NotOurYaml(_too_deep(max_depth, offset)) from None
        raise NotOurYaml(Broken((), f"malformed YAML: {error.problem or error.context}", None, offset)) from None
    except yaml.reader.ReaderError as error:
        code = error.character if isinstance(error.character, int) else ord(str(error.character))
        sentence = f"the character U+{code:04X} is not YAML"
        raise NotOurYaml(Broken((), sentence, "write it as an escape in a quoted text", error.position)) from None


def _key(data: bytes, event: Any) -> str:
    if event.implicit[0]:
        quoted = _plain(event.value)
        if not quoted.startswith('"') or event.value == "<<":
            raise _not_ours(data, event, f"the key {event.value} is not a text", "quote it")
        return quoted
    return _quote(event.value)


def _scalar(data: bytes, event: Any) -> str:
    if not event.implicit[0]:
        return _quote(event.value)
    if _NUMBER.fullmatch(event.value):
        return str(event.value)
    spelled = _plain(event.value)
    if not spelled:
        raise _not_ours(data, event, f"{event.value or 'nothing'} could mean several things", "quote it, or write null")
    return spelled


@remember_short
def _plain(value: str) -> str:
    """A plain scalar that is no number as JSON spells it, "" if YAML 1.1 reads it as something else than a text."""
    if value in _WORDS:
        return value
    if _NUMBER.fullmatch(value) or any(rule.match(value) for _, rule in _IMPLICIT.get(value[:1], ())):
        return ""
    return _quote(value)


def _not_ours(data: bytes, event: Any, sentence: str, remedy: str | None = None) -> NotOurYaml:
    return NotOurYaml(Broken((), sentence, remedy, _byte(data, event.start_mark.index)))


def _byte(data: bytes, index: int) -> int:
    """Return the byte at which character number `index` starts."""
    return _byte_offsets(data.decode(), [index])[index]
