"""An order: a document and how to draw it, checked before anything is drawn."""

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import msgspec

from gradgraph.document.files import Format
from gradgraph.drawing.choosing import drawn_as, typed_options
from gradgraph.drawing.registry import OURS, RENDERERS, find_renderer, renderer_names
from gradgraph.drawing.selection import Selection
from gradgraph.entry_points import is_ours
from gradgraph.errors import OptionError
from gradgraph.option_records import Field, chosen, fields_of
from gradgraph.service.refusals import Refusal
from gradgraph.words import did_you_mean

LAYOUTS = ("auto", *OURS)
"""Layout engines that a stranger may choose: a plug-in of somebody else is not made for hostile graphs."""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What one drawing is made of: the same order always gives the same bytes."""

    document: bytes
    kind: Format
    format: str
    options: dict[str, Any]
    selection: dict[str, Any]
    strict: bool = False

    def key(self, *versions: str) -> str:
        """Return a name of the order: a hash of all that its drawing depends on, the `versions` of programs too."""
        asked = (self.kind, self.format, sorted(self.options.items()), sorted(self.selection.items()), self.strict)
        said = repr((asked, versions, len(self.document))).encode("utf-8", "surrogatepass")
        return hashlib.sha256(said + self.document).hexdigest()


@cache
def formats() -> tuple[str, ...]:
    """Return the formats that the service draws: ours."""
    return tuple(name for name in renderer_names() if is_ours(RENDERERS, name))


@cache
def parameters(format: str) -> dict[str, Field]:
    """Return the query parameters of a format, by name: the command line's flags without their hyphens in front."""
    fields = {
        field.name: field for one in drawn_as(format) for field in reversed(fields_of(find_renderer(one).Options))
    }
    fields |= {field.name: field for field in fields_of(Selection)}
    return {field.flag.removeprefix("--"): field for field in reversed(fields.values())}


def order_of(document: bytes, kind: Format, format: str, query: Iterable[tuple[str, str]]) -> Order:
    """Return the order that a request makes. Raises Refusal: 404 for a format, 400 for a parameter."""
    if format not in formats():
        raise Refusal(404, f"there is no format of this name: take {', '.join(formats())}")
    known = parameters(format)
    texts: dict[str, Any] = {}
    strict = False
    for name, text in query:
        field = known.get(name)
        if name == "strict":
            strict = _truth(text)
        elif name == "v":
            continue
        elif field is None:
            raise Refusal(400, f"{format} has no parameter of this name{did_you_mean(name, known)}")
        elif isinstance(field.takes, msgspec.inspect.VarTupleType):
            texts[field.name] = (*texts.get(field.name, ()), text)
        elif field.name in texts:
            raise Refusal(400, f"the parameter {name} is given twice: give it once")
        elif text == "null" and not _takes_texts(field):
            raise Refusal(400, f"the parameter {name} takes no 'null': leave it out")
        else:
            texts[field.name] = text
    try:
        return _checked(document, kind, format, texts, strict, {field.name: name for name, field in known.items()})
    except OptionError as error:
        raise Refusal(400, str(error)) from None


def _checked(
    document: bytes, kind: Format, format: str, texts: dict[str, Any], strict: bool, called: Mapping[str, str]
) -> Order:
    selected = {name: texts.pop(name) for name in Selection.__struct_fields__ if name in texts}
    selection = chosen(Selection, selected, strict=False, called=called)
    options = typed_options(drawn_as(format), texts, called=called)
    if options.get("layout", "auto") not in LAYOUTS:
        raise OptionError(f"layout takes {', '.join(LAYOUTS)} here, not {options['layout']!r}")
    return Order(
        document=document,
        kind=kind,
        format=format,
        options=options,
        selection={name: getattr(selection, name) for name in selected},
        strict=strict,
    )


def _takes_texts(field: Field) -> bool:
    """Return whether "null" may be a text among others, and not what msgspec reads as None."""
    parts = field.takes.types if isinstance(field.takes, msgspec.inspect.UnionType) else (field.takes,)
    return any(isinstance(part, msgspec.inspect.StrType) for part in parts)


def _truth(text: str) -> bool:
    if text.lower() not in ("1", "true", "0", "false"):
        raise Refusal(400, f"strict takes 1 or 0, not {text!r}")
    return text.lower() in ("1", "true")


NEURON = Order(
    document=(
        b'{"format":"gradgraph","version":"1.0","ops":{"tanh":{"symbol":"tanh","arity":1}},"outputs":[1],"nodes":['
        b'{"id":0,"label":"x","data":1.0,"grad":null},{"id":1,"op":"tanh","operands":[0],"data":0.76,"grad":null}]}'
    ),
    kind="json",
    format="svg",
    options={},
    selection={},
)
"""The order of a drawing that always succeeds: new workers and probes draw it."""
