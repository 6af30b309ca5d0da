"""What must hold of any input holds of every one that fuzzing has kept."""

from pathlib import Path

import pytest

from tests.fuzz_targets import TARGETS

CORPUS = Path(__file__).parent


@pytest.mark.parametrize("target", TARGETS)
def test_corpus(target: str) -> None:
    inputs = sorted((CORPUS / target).iterdir())
    assert len(inputs) > 20
    for path in inputs:
        try:
            TARGETS[target](path.read_bytes())
        except Exception as error:
            error.add_note(f"in {path}")
            raise


def test_the_corpus_is_small() -> None:
    assert sum(path.stat().st_size for target in TARGETS for path in (CORPUS / target).iterdir()) <= 300_000
