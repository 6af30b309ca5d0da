"""Fences in a site that MkDocs builds with its Material theme."""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.fixture
def site(tmp_path) -> Path:
    """The project, with documents to draw."""
    folder = tmp_path / "project"
    shutil.copytree(ROOT / "tests/pages", folder)
    for name in ("neuron", "mlp"):
        shutil.copy(ROOT / f"examples/{name}.json", folder)
    return folder


def build(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", *options],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=folder,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )


def test_a_site_is_built_without_a_warning(site, dot, measured):
    built = build(site, "--strict")
    assert built.returncode == 0
    assert "WARNING" not in built.stderr
    page = (site / "site/index.html").read_text(encoding="utf-8")
    assert page.count('id="gg-') == 3 * 4
    ids = Counter(re.findall(r'\bid="([^"]*)"', page))
    assert not [name for name, count in ids.items() if count > 1 and name.startswith("gg-")]
    assert '<figure class="gradgraph" id="neuron-figure" style="text-align:center">' in page
    assert "nowhere.json" in page
    found = (site / "site/search/search_index.json").read_text(encoding="utf-8")
    assert "--_ink" not in found


def test_without_an_engine_there_is_text_and_a_warning_that_strict_heeds(site, without_engine):
    built = build(site)
    page = (site / "site/index.html").read_text(encoding="utf-8")
    assert page.count("name = expression") == 5  # layered draws a wide network
    assert built.returncode == 0
    assert "WARNING -  index.md: a text drawing stands in for the picture: `dot` is not installed; give" in built.stderr
    assert build(site, "--strict").returncode == 1


def test_what_is_wrong_is_told_with_its_page(site, dot):
    (site / "markdown/index.md").write_text('```gradgraph file="nowhere.json"\n```\n', encoding="utf-8")
    built = build(site, "--strict")
    assert built.returncode == 1
    assert "WARNING -  index.md: nowhere.json: No such file or directory" in built.stderr


def test_settings_reach_the_fence_as_the_docs_say(site, dot):
    guide = (ROOT / "docs/how-to/markdown.rst").read_text(encoding="utf-8")
    told = re.search(r"format: (!!python/object/apply:gradgraph.fences.make_fence\s+kwds: \{.*\})", guide)
    assert told
    configured = site / "mkdocs.yml"
    plain = configured.read_text(encoding="utf-8")
    configured.write_text(plain.replace("!!python/name:gradgraph.fences.fence", told[1]), encoding="utf-8")
    for name in ("neuron", "mlp"):
        (site / f"{name}.json").rename(site / f"markdown/{name}.json")  # base_path is "docs" there
    configured.write_text(configured.read_text(encoding="utf-8").replace("base_path: docs", "base_path: markdown"))
    assert build(site, "--strict").returncode == 0
    kept = {file: file.stat().st_mtime_ns for file in (site / ".cache/gradgraph").iterdir()}
    assert len(kept) == 4
    assert build(site, "--strict").returncode == 0
    assert {file: file.stat().st_mtime_ns for file in (site / ".cache/gradgraph").iterdir()} == kept
