"""Large files from small ones, in which a part can say how often it is repeated."""

import re

_REPEATED = re.compile("⟦([^⟦⟧]*)×([0-9]+)⟧")
_PLACE = re.compile(r"⟨i(?:\+([0-9]+))?⟩")


def expanded(recipe: str) -> str:
    """The text in which each ⟦part×times⟧ is repeated, with ⟨i⟩ in it as the number of the repetition, from 0.

    >>> expanded("[0⟦, ⟨i+1⟩×3⟧]")
    '[0, 1, 2, 3]'
    """
    return _REPEATED.sub(lambda found: _repeated(found[1], int(found[2])), recipe)


def _repeated(part: str, times: int) -> str:
    literals = _PLACE.split(part)  # text, offset, text, offset … text
    if len(literals) == 1:
        return part * times
    pieces = [(literals[at], int(literals[at + 1] or 0)) for at in range(0, len(literals) - 1, 2)]
    return "".join(["".join([f"{text}{i + offset}" for text, offset in pieces]) + literals[-1] for i in range(times)])
