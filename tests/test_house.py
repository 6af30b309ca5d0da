"""The picture of the house in the docs is that of the imports."""

import re
from xml.etree import ElementTree

import networkx
import pytest

from tests.conftest import ROOT
from tests.house import PICTURE, label, picture, rooms
from tests.test_architecture import MAY_IMPORT


def ways(svg: str) -> set[tuple[str, ...]]:
    """The arrows of a picture, each with the rooms where it starts and ends."""
    return {tuple(found.split()) for found in re.findall(r'data-way="([^"]*)"', svg)}


def test_the_picture_is_that_of_the_imports():
    assert PICTURE.read_text(encoding="utf-8") == picture(rooms()), "the imports have changed: run make house"


def test_arrows_lead_wherever_a_room_imports_another_and_nowhere_else():
    drawn = networkx.DiGraph([*ways(PICTURE.read_text(encoding="utf-8"))])
    imported = networkx.DiGraph([(room, other) for room, others in rooms().items() for other in others])
    assert set(networkx.transitive_closure(drawn).edges) == set(networkx.transitive_closure(imported).edges)


def test_every_folder_is_in_the_picture():
    texts = {element.text for element in ElementTree.parse(PICTURE).iter() if element.tag.endswith("}text")}  # noqa: S314
    for folder in (ROOT / "gradgraph").iterdir():
        if folder.is_dir() and (folder / "__init__.py").exists():
            assert f"{folder.name}/" in texts
    assert {"renderers/", "schemas/"} <= texts


@pytest.mark.parametrize(
    ("imports", "arrows"),
    [
        ({"a": {"b", "c"}, "b": {"c"}, "c": set()}, {("a", "b"), ("b", "c")}),
        ({"a": {"b", "d"}, "b": {"c"}, "c": set(), "d": set()}, {("a", "b"), ("a", "d"), ("b", "c")}),
        ({"a": set(), "b": set()}, set()),
    ],
    ids=["follows from others", "passes a floor", "no imports"],
)
def test_an_arrow_that_follows_from_others_is_left_out(imports, arrows):
    assert ways(picture(imports)) == arrows


def test_the_page_says_what_each_room_may_import():
    page = (ROOT / "docs/explanation/architecture.rst").read_text(encoding="utf-8").replace("`", "")
    told = {
        room: set(filter(None, imported.split(", ")))
        for room, imported in re.findall(r"^   \* - (.*)\n     - .*\n     -(.*)$", page, re.MULTILINE)
    }
    told = {room: {name.strip() for name in names} for room, names in told.items() if room != "room"}
    may_import = {**MAY_IMPORT, "renderers": {"plugins"}}
    assert told == {label(room): {label(other) for other in others - {"ground"}} for room, others in may_import.items()}
