"""One call of a command fails, or SIGTERM comes at it: a sample of what `make faults` tries."""

import pytest

from tests.faults import CASES, check, faults_of

SAMPLE = {
    "render a.json -o out.svg",
    "render a.json b.json -f svg -o drawn/",
    "convert a.json -",
}


@pytest.mark.parametrize("case", [case for case in CASES if str(case) in SAMPLE], ids=str)
def test_a_fault_leaves_old_or_new_files_and_nothing_else(case, dot):
    """Of each kind of call the last one, in every way that it can go wrong."""
    last = {}
    for fault in faults_of(case):
        kind, _, action = fault.split(":")
        last[kind, action] = fault
    assert len(last) > 8
    for fault in last.values():
        check(case, fault)
