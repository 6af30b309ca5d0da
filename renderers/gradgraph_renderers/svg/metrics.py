"""How large text is, without asking the machine's fonts."""

import re
import unicodedata

from wcwidth import iter_graphemes, wcswidth, wcwidth

from gradgraph.plugins import remember_short

FONT_STACK = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"
FONT_ATTRIBUTE = "monospace, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono'"
"""The same for engines without our style: CairoSVG takes the first of a list only, and Menlo may not be there."""
FONT_SIZE = 12.0
"""px; MARK_SIZE is that of the marks on wires and LINE_HEIGHT the distance of two baselines."""
MARK_SIZE = 10.0
LINE_HEIGHT = 17.0
ADVANCE = 0.62
"""Width of a letter in ems: the widest font of the stack, SF Mono, has 0.62; DejaVu and Menlo 0.602, Consolas 0.55."""
WIDE, PICTURE = 1.0, 1.25
"""Width in ems of a wide letter, which fills a square in fonts for East Asia, and of an emoji (Noto has 1.245)."""
SPACING_MARK = ADVANCE / 2
"""Width in ems of a vowel sign beside its letter. With it, words in Noto's fonts take 0.6 to 1.4 times their room."""

# Windows Glyph List 4, https://learn.microsoft.com/typography/opentype/spec/wgl4: Latin, Greek, Cyrillic and symbols
# that every font of the stack holds, all of one width.
_HELD = re.compile(
    "[ -~\u00a0-\u017f\u0192\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0401-\u040c\u040e-\u044f\u0451-\u045c\u045e"
    "\u045f\u2013\u2014\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2190-\u2195\u2202\u2206\u220f\u2211\u2212\u221a"
    "\u221e\u222b\u2248\u2260\u2264\u2265]*"
)


@remember_short
def text_width(text: str, size: float = FONT_SIZE) -> float:
    """What `text` takes in px: the most in any font of the stack, and for what they may not hold, the room it gets.

    >>> text_width("data 2") == 6 * ADVANCE * FONT_SIZE, text_width("権重", 10.0)
    (True, 20.0)
    """
    ems = len(text) * ADVANCE if _HELD.fullmatch(text) else sum(map(_ems, iter_graphemes(text)))
    return ems * size


@remember_short
def text_room(text: str, size: float = FONT_SIZE) -> float:
    r"""Return the px to keep free for `text`: its width, or that of its characters side by side if that is more.

    An engine without a font for joined emoji draws a box for each part, and few engines fit a text to a width.

    >>> text_room("data 2") == text_width("data 2"), text_room("👩\u200d👩\u200d👧", 10.0)
    (True, 30.0)
    """
    apart = 0.0 if is_held(text) else sum(map(_letter_ems, text)) * size
    return max(text_width(text, size), apart)


def is_held(text: str) -> bool:
    """Whether every font of the stack has these characters, so that their width is known.

    >>> is_held("∂loss/∂w₁"), is_held("∂loss/∂w1"), is_held("שלום")
    (False, True, False)
    """
    return _HELD.fullmatch(text) is not None


def _ems(grapheme: str) -> float:
    first = unicodedata.category(grapheme[0])
    if (first == "So" or "\ufe0f" in grapheme) and wcswidth(grapheme) == 2:
        return PICTURE  # one emoji, of however many characters
    return sum([_letter_ems(char) for char in grapheme])


def _letter_ems(char: str) -> float:
    columns = wcwidth(char)
    if columns < 1 and unicodedata.category(char) == "Mc":
        return SPACING_MARK
    return WIDE if columns == 2 else max(columns, 0) * ADVANCE
