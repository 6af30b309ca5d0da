"""Text in which every character is seen: what draws nothing or moves the text is written as an escape.

The two invisible joiners, ZWJ U+200D and ZWNJ U+200C, change what is seen in emoji and between letters. Everywhere else
a joiner makes two labels differ that look the same, so drawings show it as an escape.
"""

import re
from collections.abc import Iterator
from functools import cache
from unicodedata import category, combining, name

ZWNJ, ZWJ = "\u200c", "\u200d"
JOINERS = ZWNJ + ZWJ
"""Both joiners, U+200C and U+200D."""

_SHORT_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks that draw nothing: a name of them would look like no name."""
_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def visible(text: str) -> str:
    r"""Return `text` with an escape for every character that draws nothing, moves the text or breaks the line.

    These are the Unicode categories Cc, Cf (the bidi controls are among them), Cs, Zl, Zp, letters that are blank, and
    noncharacters, which XML forbids. Joiners that change what is seen stay as they are.

    >>> print(visible("a\tb\x1b[31m\u202ec"))
    a\tb\x1b[31m\u202ec
    >>> visible("👩\u200d🚀") == "👩\u200d🚀"
    True
    """
    if text.isprintable() and _BLANK.isdisjoint(text):  # a quick yes for nearly all; it refuses more than we do
        return text
    seen = {*seen_joiners(text)} if any(joiner in text for joiner in JOINERS) else ()
    return "".join([_escape(char) if _is_hidden(char) and at not in seen else char for at, char in enumerate(text)])


def _is_hidden(char: str) -> bool:
    code = ord(char)
    return char in _BLANK or category(char) in _HIDDEN or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def _escape(char: str) -> str:
    code = ord(char)
    if char in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[char]
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def seen_joiners(text: str) -> Iterator[int]:
    r"""Yield the places of the joiners in `text` that change what is seen. Linear in the text.

    Three rules allow a joiner:

    - It is inside an emoji that Unicode 17 recommends for interchange
      (https://unicode.org/Public/emoji/latest/emoji-zwj-sequences.txt). Fonts draw any other sequence in parts.
    - It is between a virama and a consonant, in a script whose virama joins letters. These are the rules A.1 and A.2
      of RFC 5892 with a letter on both sides, as UAX 31 asks. Scripts in which the joiner is never seen are left out,
      and so is ZWJ where it looks as ZWNJ does. Three more uses are old Malayalam chillus, the ya-phalaa of Bengali
      and the ra of Kannada.
    - It is a ZWNJ between two letters of one script that join without it: rule A.1 of RFC 5892
      (https://www.rfc-editor.org/rfc/rfc5892#appendix-A.1), as the package idna has it.

    Whether a font has a joined form of two letters, no rule can know.

    >>> [list(seen_joiners(text)) for text in ("\u0645\u06cc\u200c\u062e\u0648", "a\u200cb", "👩\u200d🚀")]
    [[2], [], [1]]
    """
    seen = {at for match in _sequences().finditer(text) for at in range(*match.span()) if text[at] in JOINERS}
    for at, char in enumerate(text):
        if at in seen or (char == ZWNJ and _parts_letters(text, at)):
            yield at


def _parts_letters(text: str, at: int) -> bool:
    """Whether the letters around a ZWNJ, passing over their marks, would join without it."""
    left, right = _letter(text, at, -1), _letter(text, at, +1)
    if not left or not right or _script(left) != _script(right):
        return False
    from idna import valid_contextj  # its tables of all scripts: few texts need them

    return valid_contextj(left + ZWNJ + right, 1)


def _letter(text: str, at: int, step: int) -> str:
    """The nearest letter to the left or to the right, "" if something else than its marks is before it."""
    at += step
    while 0 <= at < len(text) and combining(text[at]):
        at += step
    return text[at] if 0 <= at < len(text) and category(text[at])[0] == "L" else ""


def _script(letter: str) -> str:
    return name(letter, "").partition(" LETTER ")[0]


_TONE = "[🏻-🏿]"
_CHILD = "(?:👧J[👦👧]|👦J👦|[👦👧])"
_HEART = "❤VJ(?:💋J)?"
_EMOJI = (
    "[🏃🚶🧎]T?(?:J[♀♂]V)?J➡V",
    "(?:[🏃🏄🏊👮👯👰👱👳👷💁💂💆💇🙅🙆🙇🙋🙍🙎🚣🚴🚵🚶🤦🤵🤷🤸🤹🤼🤽🤾🦸🦹🧍🧎🧏🧔🧖🧗🧘🧙🧚🧛🧜🧝]T?|[⛹🏋🏌🕵][TV]|[🧞🧟])J[♀♂]V",
    "[👨👩🧑]T?J(?:[🌾🍳🍼🎓🎤🎨🏫🏭💻💼🔧🔬🚀🚒🦰-🦳]|[⚕⚖✈]V|[🦯🦼🦽](?:J➡V)?)",
    "🧑T?J[🎄🩰]",
    "🧑J(?:🧑J)?🧒(?:J🧒)?",
    "(?:👨J[👨👩]J|👩J👩J|[👨👩]J)CHILD",
    "👨JHEART👨|👩JHEART[👨👩]|🧑J🤝J🧑",
    "👨TJHEART👨T|👩TJHEART[👨👩]T|🧑TJ🤝J🧑T",
    # With one tone for both, these are characters of their own.
    "(?:👨(T1)J[🤝🐰🫯]J👨|👩(T2)J(?:🤝J[👨👩]|[🐰🫯]J👩)|🧑(T3)J(?:HEART|[🐰🫯]J)🧑|🫱(T4)J🫲)OTHER",
    "❤VJ[🔥🩹]|🏳VJ(?:🌈|⚧V)|🏴J☠V|🐕J🦺|🐈J⬛|🐦J[⬛🔥]|🐻J❄V|👁VJ🗨V|😮J💨|😵J💫|😶J🌫V|🙂J[↔↕]V|🍋J🟩|🍄J🟫|⛓VJ💥",
)
"""Emoji ZWJ sequences: J is ZWJ, V the variation selector for emoji, T a skin tone."""


def _emoji() -> str:
    """The pattern of an emoji ZWJ sequence."""
    other = "".join(f"(?!(?({n})\\{n}|(?!)))" for n in (1, 2, 3, 4)) + "T"
    pattern = "|".join(_EMOJI).replace("OTHER", other).replace("HEART", _HEART).replace("CHILD", _CHILD)
    pattern = re.sub(r"\(T\d\)", "(T)", pattern).replace("[TV]", "(?:T|V)")
    return pattern.replace("T", _TONE).replace("V", "\ufe0f").replace("J", ZWJ)


def _letters() -> str:
    """The pattern of letters of an Indic script up to the joiner. The blocks are laid out alike."""
    found = []
    for block, joiners in _INDIC.items():
        chars = [chr(block + offset) for offset in (*range(0x15, 0x3A), *range(0x58, 0x60), 0x70, 0x71)]
        consonant = f"[{''.join([char for char in chars if category(char) == 'Lo'])}]"
        nukta, virama = chr(block + 0x3C), chr(block + 0x4D)
        found.append(f"{consonant}{nukta}?{virama}[{joiners}](?={consonant})")
    found.append(f"[\u0d9a-\u0dc6]\u0dca{ZWJ}(?=[\u0d9a-\u0dc6])")  # Sinhala
    found.append(f"[\u0d23\u0d28\u0d30\u0d32\u0d33]\u0d4d{ZWJ}(?![\u0d3e-\u0d4d])")  # chillus
    found.append(f"\u09b0{ZWJ}(?=\u09cd\u09af)|\u0cb0{ZWJ}(?=\u0ccd[\u0c95-\u0cb9])")
    return "|".join(found)


_INDIC = {0x900: JOINERS, 0x980: JOINERS, 0xA80: JOINERS, 0xB00: ZWNJ, 0xC00: ZWNJ, 0xC80: ZWNJ, 0xD00: JOINERS}
"""Blocks of Devanagari, Bengali, Gujarati, Oriya, Telugu, Kannada and Malayalam, and the joiners that show there.

Measured with HarfBuzz and the Noto fonts, over all pairs of consonants: in Oriya, Telugu and Kannada both joiners look
alike. No joiner shows in Tamil, and none but a few in Gurmukhi.
"""


@cache
def _sequences() -> re.Pattern[str]:
    return re.compile(f"{_emoji()}|{_letters()}")
