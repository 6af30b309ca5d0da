"""The mixin of what shows itself in a notebook. The display itself is a plug-in: it draws, and the engine does not."""

from reprlib import Repr
from typing import Any

DISPLAYS = "gradgraph.displays"

_short = Repr()
_short.maxother = 500


def short_repr(what: object) -> str:
    """Return the repr of an object, not much longer than 500 characters, even of one whose repr raises."""
    return _short.repr(what)


class Displayed:
    """Shows itself through the entry point `notebook` of the group `gradgraph.displays`.

    That names a function of an object, `include`, `exclude` and options, which returns a mime bundle.
    """

    __slots__ = ()

    def _displayed(self) -> tuple[Any, dict[str, Any]]:
        """Return what is shown, and the options of its drawing."""
        return self, {}

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **_: Any) -> dict[str, Any]:
        """Return what IPython shows: the repr where there is no display. Never raises."""
        from gradgraph.entry_points import load  # only a notebook needs it

        try:
            what, options = self._displayed()
            bundle: dict[str, Any] = load(DISPLAYS, "display", "notebook")(what, include, exclude, **options)
            return bundle
        except Exception:  # a display that raises hides the value it should show, whatever the reason
            return {"text/plain": short_repr(self)}
