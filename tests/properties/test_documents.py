"""The fast reader's verdict is the reference's, on whole mutated documents."""

import pytest

from tests.fuzz import disagreements


@pytest.mark.parametrize("seed", range(4))
def test_no_verdict_differs(seed):
    accepted, different = disagreements(500, seed)
    assert different == 0
    assert 30 < accepted < 300, "the mutations say nothing if they spoil all documents, or none"
