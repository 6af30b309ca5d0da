"""Every exception and warning of the project, and the located problem they carry."""

from collections.abc import Callable
from typing import NamedTuple, Self


class Problem(NamedTuple):
    """One thing wrong with a document: where it is, what it is, and what to do about it.

    `pointer` is a JSON Pointer (RFC 6901; "" is the whole document). `line` and `column` count from 1 and are
    None when the document was never text. `source` is the file's name as the user gave it.

    >>> str(Problem("operand 9 is not an earlier node", "/nodes/7/operands/1", 14, 52, "must be below 7", "graph.json"))
    'graph.json:14:52: /nodes/7/operands/1: operand 9 is not an earlier node (must be below 7)'
    """

    sentence: str
    pointer: str = ""
    line: int | None = None
    column: int | None = None
    remedy: str | None = None
    source: str | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.source, self.line, self.column) if part is not None)
        told = f"{self.sentence} ({self.remedy})" if self.remedy else self.sentence
        return ": ".join(part for part in (place, self.pointer, told) if part)


class GradgraphError(Exception):
    """The root of every error this project raises on purpose."""


class DocumentError(GradgraphError, ValueError):
    """A document breaks its contract. `problems` holds every problem found, in document order."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        first, *others = self.problems
        return f"{first} [and {len(others)} more]" if others else str(first)


class CycleError(GradgraphError, ValueError):
    """The operands of live values lead back to a value already on the way."""


class DerivativeError(GradgraphError, ValueError):
    """A gradient would flow through a value whose local derivatives nobody said how to find."""


class EngineError(GradgraphError, TypeError):
    """The values of another engine cannot be read without guessing. The message says what was found and what helps."""


class ReplayError(GradgraphError, ValueError):
    """A graph cannot be computed again, or not be made of live values: an op is unknown or used in a wrong way."""


class RendererError(GradgraphError):
    """No renderer of the name asked for can be used: it is unknown, broken, or claimed twice."""


class OptionError(GradgraphError, ValueError):
    """A rendering option has an unknown name or a value it cannot take."""


Spelling = Callable[[str, str], str]
"""How a place tells people to set an option there: from the option's name and value, such as "use --layout layered"."""


def in_python(name: str, value: str) -> str:
    """Return how a Python program sets an option.

    >>> in_python("layout", "layered")
    'pass layout="layered"'
    """
    return f'pass {name}="{value}"'


class ToolError(GradgraphError):
    """A program a renderer depends on could not do its work. `remedy` says what would help.

    `setting` is an option, with its value, that would help first; None if there is none.

    >>> missing = ToolMissing("`dot` is not installed", "install Graphviz", ("layout", "layered"))
    >>> str(missing)
    '`dot` is not installed; pass layout="layered", or install Graphviz'
    >>> str(missing.in_words_of(lambda name, value: f"use --{name} {value}"))
    '`dot` is not installed; use --layout layered, or install Graphviz'
    """

    def __init__(self, sentence: str, remedy: str, setting: tuple[str, str] | None = None) -> None:
        super().__init__(sentence, remedy)
        self.sentence = sentence
        self.remedy = remedy
        self.setting = setting

    def __str__(self) -> str:
        if self.setting is not None:
            return str(self.in_words_of(in_python))
        return f"{self.sentence}; {self.remedy}"

    def in_words_of(self, spelled: Spelling) -> Self:
        """Return the same error with its setting in the remedy, as a place spells it."""
        if self.setting is None:
            return self
        return type(self)(self.sentence, f"{spelled(*self.setting)}, or {self.remedy}")


class ToolMissing(ToolError):
    """The program is not installed."""


class ToolFailed(ToolError):
    """The program ended with an error or an answer that makes no sense."""


class ToolLimit(ToolError):
    """The program was, or would have been, asked for more than its limits allow."""


class TooLarge(GradgraphError):
    """The graph is larger than the format can hold, so there is no drawing of it in that format."""


class CallError(GradgraphError):
    """A function that was named as the source of a graph cannot be imported, or it failed."""


class DocumentWarning(UserWarning):
    """A document of a newer minor version was read, and what this version does not know was left out."""


class DegradedWarning(UserWarning):
    """The picture asked for could not be made and a text drawing stands in for it."""


class StaleDataWarning(UserWarning):
    """The data of a value was set after another was computed from it, and a backward pass goes through both."""


def one_line(message: str) -> str:
    r"""The message with what could break or hide the line written as escapes.

    >>> print(one_line("graph.json\n: no"))
    graph.json\n: no
    """
    return message if message.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in message)
