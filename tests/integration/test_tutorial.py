"""The tutorial notebook, executed with and without a layout engine: drawings, and no error anywhere."""

from collections.abc import Iterator
from typing import Any

import nbformat
from nbclient import NotebookClient

from tests.conftest import ROOT

TUTORIAL = ROOT / "examples/tutorial.ipynb"
DRAWINGS = 6
"""Cells that end in a drawing."""


def executed() -> list[dict[str, Any]]:
    """The outputs of every code cell."""
    notebook = nbformat.read(TUTORIAL, as_version=4)
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def shown(outputs: list[dict[str, Any]], kind: str) -> Iterator[str]:
    """What was shown as this media type."""
    return (output["data"][kind] for output in outputs if kind in output.get("data", {}))


def test_every_drawing_is_a_picture(layout_engine):
    outputs = executed()
    assert not [output for output in outputs if output["output_type"] == "error"]
    pictures = [*shown(outputs, "image/svg+xml")]
    assert len(pictures) == DRAWINGS
    assert len({picture.split('id="')[1][:15] for picture in pictures}) >= DRAWINGS - 1  # one is drawn twice
    assert len([text for text in shown(outputs, "text/plain") if "name = expression" in text]) == DRAWINGS


def test_without_an_engine_there_are_text_drawings_and_no_error(without_engine):
    outputs = executed()
    assert not [output for output in outputs if output["output_type"] == "error"]
    assert not [*shown(outputs, "image/svg+xml")]
    drawings = [text for text in shown(outputs, "text/plain") if "name = expression" in text]
    assert len(drawings) == DRAWINGS
    assert all('set gradgraph.options.layout = "layered"' in drawing for drawing in drawings)


def test_it_is_committed_without_outputs():
    notebook = nbformat.read(TUTORIAL, as_version=4)
    assert not [cell for cell in notebook.cells if cell.cell_type == "code" and (cell.outputs or cell.execution_count)]
