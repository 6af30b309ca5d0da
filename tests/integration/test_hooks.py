"""The hooks for pre-commit: what they run, and on which files."""

import re

import pytest
import yaml

from gradgraph import dump, load
from tests.command import run_cli
from tests.conftest import ROOT

HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_passes_good_documents_and_fails_a_bad_one(name, tmp_path):
    hook = HOOKS[name]
    program, *arguments = hook["entry"].split()
    assert program == "gradgraph"
    good = [tmp_path / "good.gradgraph.json", tmp_path / "good.gradgraph.yaml"]
    for file in good:
        dump(load(ROOT / "examples/neuron.json"), file)
        assert re.search(hook["files"], str(file))
    assert run_cli(*arguments, *map(str, good)).returncode == 0
    bad = tmp_path / "bad.gradgraph.json"
    bad.write_text(good[0].read_text(encoding="utf-8").replace('"data": -6.0', '"data": "six"'), encoding="utf-8")
    failed = run_cli(*arguments, *map(str, [*good, bad]))
    assert failed.returncode == 1
    assert failed.stderr.startswith(f"{bad}:")


def test_other_files_are_left_alone():
    assert not any(re.search(hook["files"], name) for hook in HOOKS.values() for name in ("package.json", "a.yaml"))
