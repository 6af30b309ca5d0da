"""Colours, by name, on a light page and on a dark one. Text has a contrast of 4.5:1 at least on all it stands on.

The bound is WCAG 2.2, success criterion 1.4.3 (https://www.w3.org/TR/WCAG22/#contrast-minimum). Tints are one hue from
pale to strong, so that they keep their order in grey and for every kind of colour blindness.
"""

from collections.abc import Mapping

Palette = Mapping[str, str]

LIGHT = {
    "ink": "#1f2328",
    "line": "#57606a",
    "faint": "#818b98",
    "paper": "#ffffff",
    "alarm": "#a40e26",
    "alarm-paper": "#ffebe9",
    "tint0": "#ffffff",
    "tint1": "#eaf2fb",
    "tint2": "#c9dff4",
    "tint3": "#93bfe6",
    "tint4": "#5a9bd4",
}
DARK = {
    "ink": "#f0f6fc",
    "line": "#9198a1",
    "faint": "#656c76",
    "paper": "#0d1117",
    "alarm": "#ffb3ad",
    "alarm-paper": "#4a1014",
    "tint0": "#161b22",
    "tint1": "#132a42",
    "tint2": "#163d66",
    "tint3": "#18508a",
    "tint4": "#1c63ae",
}


def fill(tint: int, alarm: bool, palette: Palette) -> str:
    """The colour of a value box."""
    return palette["alarm-paper"] if alarm else palette[f"tint{tint}"]
