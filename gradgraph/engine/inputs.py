"""What values may be made of: which numbers, and which texts."""

from numbers import Real
from typing import TypeGuard


def check_text(text: object, what: str) -> str:
    """`text` itself if it is a string that UTF-8 can hold; otherwise TypeError or ValueError naming `what`."""
    if not isinstance(text, str):
        raise TypeError(f"{what} must be a string, not {type(text).__name__}")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{what} holds a lone surrogate at index {error.start}") from None
    return str(text)


def is_number(number: object) -> TypeGuard[Real]:
    """Whether a Value can hold this: any real number, numpy's scalars included, but no bool."""
    if type(number) in (int, float):  # what nearly all are; to ask the abstract class takes ten times as long
        return True
    return isinstance(number, Real) and not isinstance(number, bool)


def to_float(number: object, what: str = "data") -> float:
    """`number` as a plain float.

    Raises TypeError for anything but a real number (a bool, a string, a complex number or None are not), and
    OverflowError for an integer beyond the range of a float.
    """
    if type(number) is float:
        return number
    if not is_number(number):
        raise TypeError(f"{what} must be a real number, not {type(number).__name__}")
    return float(number)
