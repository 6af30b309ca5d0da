"""What people call the primitives: symbols, names of methods, classes and enum members."""

import re
from functools import lru_cache
from typing import NamedTuple

_CALLED = {
    "add": "+ plus addition",
    "sub": "- − minus subtract subtraction difference",
    "mul": "* × · times multiply multiplication product",
    "div": "/ ÷ truediv divide division true_div true_divide",
    "neg": "negative negate negation usub unary-",
    "pow": "** ^ power",
    "exp": "exponential e^x",
    "log": "ln",
    "tanh": "",
    "relu": "",
    "sigmoid": "σ logistic sigm",
    "sin": "sine",
    "cos": "cosine",
    "sqrt": "√ square_root",
    "abs": "absolute |x|",
}
_NAMES = {name: primitive for primitive, names in _CALLED.items() for name in (primitive, *names.split())}
_EXPONENTS = {"square": 2.0, "squared": 2.0, "sq": 2.0, "reciprocal": -1.0, "recip": -1.0, "inv": -1.0, "inverse": -1.0}
_POWER = re.compile(
    r"(?:\w\s*)?(?:\*\*|\^|pow(?:er)?)[\s_(]*([-+]?[\d.]+(?:e[-+]?\d+)?)\s*\)?", re.ASCII | re.IGNORECASE
)
_DRESS = re.compile(
    r"^(?:ops?|operator|fn|function)[._:]|_?(?:backwards?\d*|bwd|vjp|grad|op|function|fn|node|operation|of|values?|scalars?|vars?)$"
)


class OpName(NamedTuple):
    """The primitive that a name means; `reflected` if operands come last first; the exponent that the name holds."""

    primitive: str
    reflected: bool = False
    exponent: float | None = None


@lru_cache(maxsize=1024)
def meaning(name: str) -> OpName | None:
    """Return what `name` means, None if it is no name of a primitive.

    >>> meaning("__rsub__"), meaning("MulBackward0")
    (OpName(primitive='sub', reflected=True, exponent=None), OpName(primitive='mul', reflected=False, exponent=None))
    >>> meaning("**-1"), meaning("swish")
    (OpName(primitive='power', reflected=False, exponent=-1.0), None)
    """
    plain = name.strip()
    power = _POWER.fullmatch(plain)
    if power:
        try:
            return OpName("power", exponent=float(power[1]))
        except ValueError:
            return None
    plain = plain.lower()
    for spelled in (plain, plain.strip("_"), _DRESS.sub("", plain.strip("_")).strip("_")):
        if spelled in _NAMES:
            return OpName(_NAMES[spelled])
        if spelled in _EXPONENTS:
            return OpName("power", exponent=_EXPONENTS[spelled])
        if spelled[:1] in ("r", "i") and _NAMES.get(spelled[1:]) in ("add", "sub", "mul", "div", "pow"):
            return OpName(_NAMES[spelled[1:]], reflected=spelled[0] == "r")
    return None
