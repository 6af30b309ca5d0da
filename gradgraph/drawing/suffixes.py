"""Which format a file has by its name."""

import os
from pathlib import Path

from gradgraph.drawing.registry import find_renderer, renderer_for_suffix, renderer_names
from gradgraph.errors import OptionError, RendererError

DEFAULT = "svg"


def format_for(path: str | os.PathLike[str] | None, format: str | None = None) -> str:
    """Return the format to draw for a file: the one given, else the one of the suffix, else svg.

    >>> format_for("neuron.mmd"), format_for("neuron"), format_for("notes.txt", "dot")
    ('mermaid', 'svg', 'dot')
    >>> format_for("neuron.png", "svg")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    gradgraph.errors.OptionError: neuron.png names a png drawing, but the format is svg: leave it out, or change ...

    Raises OptionError for a suffix that no renderer has, where no format is given, and for one of another format than
    the one given.
    """
    if path is None:
        return format or DEFAULT
    if format is None:
        suffix = Path(path).suffix
        name = renderer_for_suffix(suffix) if suffix else DEFAULT
        if name is None:
            known = ", ".join(sorted({known for each in renderer_names() for known in _suffixes(each)}))
            raise OptionError(f"no renderer writes {suffix} files (known: {known}): name a format")
        return name
    other = format_of_name(path, format, find_renderer(format).media_type)
    if other is not None:
        name = Path(path).name
        remedy = "leave it out, or change the suffix"
        raise OptionError(f"{name} names a {other} drawing, but the format is {format}: {remedy}")
    return format


def format_of_name(path: str | os.PathLike[str], format: str, media_type: str) -> str | None:
    """Return the other format whose suffix the file has; None if a drawing of this format may have that name.

    It may have its own suffixes and those that no renderer has. What is text may be called .txt, too.
    """
    suffix = Path(path).suffix.lower()
    if not suffix or suffix in _suffixes(format):
        return None
    other = renderer_for_suffix(suffix)
    if other is None or (media_type.startswith("text/") and find_renderer(other).media_type == "text/plain"):
        return None
    return other


def _suffixes(format: str) -> tuple[str, ...]:
    try:
        return find_renderer(format).suffixes
    except RendererError:  # made by hand, or by a plug-in that is broken or gone
        return ()
