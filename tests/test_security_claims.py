"""The page on security: each of its claims names the tests that hold it."""

import ast
import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

PAGE = ROOT / "docs/explanation/security.rst"
TEST = re.compile(r"``(tests/[\w/]+\.py)::(\w+)``")
YOURS = "What is yours to decide"
"""The heading of the one part that claims nothing."""


def claims() -> list[str]:
    """The items of all lists on the page, up to the part that is the reader's."""
    promised, heading, _ = PAGE.read_text(encoding="utf-8").partition(f"\n{YOURS}\n")
    assert heading, "the page has lost a heading"
    return [" ".join(item.split()) for item in re.findall(r"^- (.*(?:\n  .*)*)", promised, re.MULTILINE)]


def functions(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)}


def test_the_page_claims_something():
    assert len(claims()) >= 20


@pytest.mark.parametrize("claim", claims(), ids=lambda claim: claim[:40])
def test_a_claim_names_tests_that_are_there(claim):
    named = TEST.findall(claim)
    assert named, f"no test is named: {claim}"
    for path, name in named:
        assert name in functions(ROOT / path), f"{path} has no {name}"
