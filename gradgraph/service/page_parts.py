"""The parts of the page that a server fills in, as HTML: lists of choices, a drawing, problems."""

import base64
from collections.abc import Sequence
from html import escape

from gradgraph.errors import Problem
from gradgraph.service.drawing import Drawn
from gradgraph.service.orders import LAYOUTS, parameters

FORMATS = {"svg": "Picture", "text": "Text", "mermaid": "Mermaid", "dot": "DOT"}
"""Formats that the page shows, and what it calls them."""
CHOICES = ("fold", "direction", "layout")
"""Options that the page has a list for."""

_AROUND = 36
"""Characters of a line that are shown before and after the place of a problem."""


def radios(chosen: str) -> str:
    """Return a button for each format."""
    return "".join(
        f'<label><input type="radio" name="format" value="{name}"{" checked" if name == chosen else ""}>{text}</label>'
        for name, text in FORMATS.items()
    )


def select(name: str, chosen: str) -> str:
    """Return a list of what an option takes. It says which formats have the option."""
    choices = LAYOUTS if name == "layout" else parameters("svg")[name].choices
    options = "".join(
        f"<option{' selected' if choice == chosen else ''}>{escape(str(choice))}</option>" for choice in choices
    )
    having = " ".join(format for format in FORMATS if name in parameters(format))
    return (
        f'<label>{name.capitalize()} <select name="{name}" data-formats="{having}">'
        f'<option value="">default</option>{options}</select></label>'
    )


def picture(drawn: Drawn) -> str:
    """Return a drawing as an image, in which nothing runs, or as text."""
    if drawn.media_type == "image/svg+xml":
        packed = base64.b64encode(drawn.content).decode()
        return f'<img alt="The graph" src="data:image/svg+xml;base64,{packed}">'
    return f"<pre>{escape(drawn.content.decode('utf-8', 'replace'))}</pre>"


def complaint(sentence: str, problems: Sequence[Problem] = (), document: str = "") -> str:
    r"""Return what is wrong, and each problem of the document with its line.

    >>> print(complaint("no", [Problem("a <b>", "/x", 2, 3)], 'a\nbcd'))
    <h2>no</h2><ol><li><b>Line 2, column 3</b> <code>/x</code> a &lt;b&gt;<pre>bc<mark>d</mark></pre></li></ol>
    """
    lines = document.split("\n")
    items = "".join(f"<li>{_place(problem)}{_said(problem)}{_excerpt(problem, lines)}</li>" for problem in problems)
    return f"<h2>{escape(sentence)}</h2>" + (f"<ol>{items}</ol>" if items else "")


def _place(problem: Problem) -> str:
    return f"<b>Line {problem.line}, column {problem.column or 1}</b> " if problem.line else ""


def _said(problem: Problem) -> str:
    pointer = f"<code>{escape(problem.pointer)}</code> " if problem.pointer else ""
    return pointer + escape(f"{problem.sentence} ({problem.remedy})" if problem.remedy else problem.sentence)


def _excerpt(problem: Problem, lines: Sequence[str]) -> str:
    """Return the line of a problem, with its place marked."""
    if not problem.line or problem.line > len(lines):
        return ""
    line, at = lines[problem.line - 1], (problem.column or 1) - 1
    start = max(0, at - _AROUND)
    before, there, after = line[start:at], line[at : at + 1], line[at + 1 : at + _AROUND]
    return f"<pre>{'…' if start else ''}{escape(before)}<mark>{escape(there)}</mark>{escape(after)}</pre>"
