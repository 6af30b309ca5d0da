"""The pages on security: each of their claims names the tests that hold it."""

import ast
import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

PAGES = [ROOT / "docs/explanation/security.rst", ROOT / "docs/explanation/service-security.rst"]
TEST = re.compile(r"``(tests/[\w/]+\.py)::(\w+)``")
YOURS = "What is yours to decide"
"""The heading of the one part of each page that claims nothing."""


def claims() -> list[str]:
    """The items of all lists on the pages."""
    return [claim for page in PAGES for claim in claims_of(page)]


def claims_of(page: Path) -> list[str]:
    """The items of all lists on a page, up to the part that is the reader's."""
    promised, heading, _ = page.read_text(encoding="utf-8").partition(f"\n{YOURS}\n")
    assert heading, "the page has lost a heading"
    return [" ".join(item.split()) for item in re.findall(r"^- (.*(?:\n  .*)*)", promised, re.MULTILINE)]


def functions(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_claims_something(page):
    assert len(claims_of(page)) >= 15


@pytest.mark.parametrize("claim", claims(), ids=lambda claim: claim[:40])
def test_a_claim_names_tests_that_are_there(claim):
    named = TEST.findall(claim)
    assert named, f"no test is named: {claim}"
    for path, name in named:
        assert name in functions(ROOT / path), f"{path} has no {name}"
