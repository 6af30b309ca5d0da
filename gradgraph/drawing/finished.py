"""A finished drawing: Rendering."""

import os
from pathlib import Path

import msgspec

from gradgraph.displayed import Displayed
from gradgraph.drawing.suffixes import format_of_name
from gradgraph.errors import OptionError
from gradgraph.graph.views import View
from gradgraph.saving import is_device, save


class Rendering(Displayed, msgspec.Struct, frozen=True, kw_only=True):
    """A finished drawing. `degraded_from` names the format that was asked for when text replaces it.

    `degraded_because` then says why, and what would help. `view` is what was drawn, None for a drawing made by hand.
    """

    content: str | bytes
    media_type: str
    format: str
    degraded_from: str | None = None
    degraded_because: str | None = None
    view: View | None = None

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the drawing and return the path written: NAME.txt for NAME.svg when degraded.

        Raises OptionError if the suffix is that of another format, and OSError.
        """
        target = text_in_place_of(path) if self.degraded_from is not None else Path(path)
        other = format_of_name(target, self.format, self.media_type)
        if other is not None:
            remedy = f'render(…, "{other}") draws it'
            raise OptionError(f"{target.name} names a {other} drawing, but this one is {self.format}: {remedy}")
        save(target, (self.to_bytes(),))
        return target

    def to_bytes(self) -> bytes:
        """Return the content as a file holds it: text as UTF-8."""
        return self.content if isinstance(self.content, bytes) else self.content.encode()

    def __str__(self) -> str:
        return self.content if isinstance(self.content, str) else repr(self)

    def __repr__(self) -> str:
        unit = "characters" if isinstance(self.content, str) else "bytes"
        return f"<{self.format} drawing, {len(self.content):,} {unit}>"


def text_in_place_of(path: str | os.PathLike[str]) -> Path:
    """Return the file that text goes to when it replaces the picture at `path`. A device gets whatever comes."""
    return Path(path) if is_device(path) else Path(path).with_suffix(".txt")
