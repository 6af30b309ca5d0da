"""Other versions: a newer minor, another major, and a step between two versions that only this test knows."""

import json
import re

import jsonschema
import pytest

from gradgraph import DocumentError, DocumentWarning, dumps, export, load, loads
from gradgraph.document import migrations
from gradgraph.document.migrations import Step, migrate
from tests.conftest import ROOT, example

NEURON = dumps(example("neuron"))
OLD, NEW = (
    json.loads((ROOT / f"tests/documents/test-only-{version}.schema.json").read_text(encoding="utf-8"))
    for version in ("0.1", "0.2")
)


def rename_rows(document: migrations.Document) -> None:
    """From 0.1, whose rows are called values, to 0.2, whose rows are called nodes and have ids."""
    document["nodes"] = [{"id": index, **row} for index, row in enumerate(document.pop("values"))]


def test_a_step_leads_from_one_schema_to_the_next(monkeypatch):
    monkeypatch.setitem(migrations.STEPS, "0.1", Step("0.2", rename_rows))
    document = {"version": "0.1", "values": [{"data": 1.0}, {"data": 2.0}]}
    jsonschema.validate(document, OLD)
    assert migrate(document, "0.2")
    jsonschema.validate(document, NEW)
    assert document["nodes"][1] == {"id": 1, "data": 2.0}
    assert not migrate({"version": "0.0"}, "0.2")


def test_the_reader_takes_an_older_minor_through_its_steps(monkeypatch):
    def called_label(document: migrations.Document) -> None:
        for row in document["nodes"]:
            if "name" in row:
                row["label"] = row.pop("name")

    monkeypatch.setattr(migrations, "_STARTS_AS_OURS", re.compile(b"never"))
    monkeypatch.setattr(migrations, "VERSION", "1.1")  # as if 1.1 were the newest, with the same rows
    monkeypatch.setattr(migrations, "STEPS", {"1.0": Step("1.1", called_label)})
    monkeypatch.setattr(migrations, "STANDING", frozenset({"1.1"}))
    old = NEURON.replace('"label"', '"name"')
    assert loads(old) == example("neuron")
    with pytest.raises(DocumentError, match="operand 12 is not an earlier node"):
        loads(old.replace("[0, 1]", "[0, 12]"))


def test_unknown_keys_of_a_newer_minor_are_a_warning():
    newer = NEURON.replace('"1.0"', '"1.7"').replace('"group": 0}', '"group": 0, "colour": "red"}')
    newer = newer.replace('"arity": 2}', '"arity": 2, "commutes": true}', 1).replace(
        '"outputs"', '"extras": [], "outputs"'
    )
    with pytest.warns(
        DocumentWarning, match=rf"version 1\.7 is newer than {migrations.VERSION}: left out /extras and 11 more"
    ):
        assert loads(newer) == example("neuron")


def test_a_newer_minor_that_says_nothing_new_is_read_in_silence():
    assert loads(NEURON.replace('"1.0"', '"1.7"')) == example("neuron")


def test_a_newer_minor_keeps_all_other_rules_and_places():
    newer = NEURON.replace('"1.0"', '"1.7"').replace("[0, 1]", "[0, 12]")
    with pytest.raises(DocumentError) as caught:
        loads(newer, source="f")
    assert str(caught.value).startswith("f:10:58: /nodes/2/operands/1: operand 12")


@pytest.mark.parametrize("version", ["2.0", "0.9", "1", "1.0.0", "one", "01.0", "1.0 ", "1.0\n"])
def test_other_versions_are_refused_by_name(version):
    with pytest.raises(DocumentError, match="is not one this program reads"):
        loads(NEURON.replace('"1.0"', json.dumps(version)))


def test_files_of_a_newer_minor_name_the_file(tmp_path):
    path = tmp_path / "g.json"
    path.write_text(
        dumps(export(example_value())).replace('"1.0"', '"1.2"').replace('"grad": null', '"grad": null, "x": 1')
    )
    with pytest.warns(DocumentWarning, match=r"g\.json: version 1\.2"):
        load(path)


def example_value():
    from gradgraph import Value

    return Value(1.0)
