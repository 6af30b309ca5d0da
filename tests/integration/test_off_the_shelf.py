"""The published schema in the hands of a tool that knows nothing of us: check-jsonschema."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from gradgraph_schemas import schema, schema_text
from tests.conftest import ROOT, need
from tests.unit.test_validation import BROKEN


@pytest.fixture
def check(tmp_path):
    tool = shutil.which("check-jsonschema", path=str(Path(sys.executable).parent))
    need("check-jsonschema", tool)
    (tmp_path / "schema.json").write_text(schema_text(), encoding="utf-8")

    def run(*documents: Path) -> str:
        command = [str(tool), "--schemafile", str(tmp_path / "schema.json"), "-o", "json", *map(str, documents)]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout

    return run


def test_it_accepts_our_documents(check):
    documents = [*(ROOT / "examples").glob("*.json"), *(ROOT / "tests/goldens").glob("*/graph.json")]
    assert len(documents) > 5
    assert json.loads(check(*documents))["status"] == "ok"


def test_it_refuses_what_a_schema_can_refuse(check, tmp_path):
    reference = jsonschema.Draft202012Validator(schema())
    refusable = []
    for number, text in enumerate(BROKEN.values()):
        try:
            document = json.loads(str(text, "utf-8") if isinstance(text, bytes) else str(text))
        except (ValueError, RecursionError):
            continue
        if not reference.is_valid(document):
            path = tmp_path / f"broken-{number}.json"
            path.write_bytes(json.dumps(document).encode())
            refusable.append(path)
    assert len(refusable) > 12
    found = json.loads(check(*refusable))
    named = {error["filename"] for error in [*found["errors"], *found.get("parse_errors", [])]}
    assert named == set(map(str, refusable))
