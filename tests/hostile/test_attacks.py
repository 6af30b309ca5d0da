"""Every attack gets the answer that the table says, in its budget, and leaves nothing behind."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from tests.conftest import need
from tests.hostile.recipes import expanded

HERE = Path(__file__).parent
SECONDS, MIB = 1.0, 300.0
ATTEMPTS = 3
"""Other work on the machine makes ours take longer: only what is over budget each time is."""


class Attack(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A row of the table."""

    run: tuple[str, ...]
    """What follows `gradgraph` on the command line."""
    exit: int
    says: str = ""
    """What standard error holds; it is empty if this is."""
    prints: str = ""
    """What standard output holds; it is empty if this is."""
    never: tuple[str, ...] = ()
    """What neither holds."""
    writes: str = ""
    """The file that is written: no other is."""
    holds: str = ""
    """What that file holds."""
    needs: str = ""
    """A program without which the answer is another."""
    environment: dict[str, str] = {}
    output: str = ""
    """Where standard output goes, in place of the test."""
    seconds: float = SECONDS
    """CPU that may be spent, with that of programs started."""


class Answer(msgspec.Struct):
    """What came of a command."""

    status: int
    seconds: float
    mib: float
    stdout: str = ""
    stderr: str = ""


ATTACKS = msgspec.convert(yaml.safe_load((HERE / "attacks.yaml").read_text("utf-8")), dict[str, Attack])


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder with every file of an attack, expanded."""
    made = tmp_path_factory.mktemp("hostile")
    for path in sorted((HERE / "files").iterdir()):
        if path.suffix == ".recipe":
            (made / path.stem).write_text(expanded(path.read_text("utf-8")), "utf-8", newline="")
        else:
            (made / path.name).write_bytes(path.read_bytes())
    (made / "loop.svg").symlink_to("loop.svg")
    (made / "folder.json").mkdir()
    (made / os.fsdecode(b"\xff.json")).write_bytes((made / "label.json").read_bytes())
    return made


def answer(folder: Path, command: Sequence[str], environment: dict[str, str], output: str) -> Answer:
    """What `gradgraph COMMAND` does in a folder. Neither it nor a program it starts can go far beyond the budget."""
    report = folder.parent / "took.json"
    launcher = [sys.executable, "-IS", str(HERE / "bounded.py"), str(report), "4", "4096"]
    with Path(output or os.devnull).open("wb") as target:
        done = subprocess.run(
            [*launcher, sys.executable, "-m", "gradgraph", *command],
            cwd=folder,
            env={**os.environ, "COLUMNS": "80", "PYTHONUTF8": "1", **environment},
            stdin=subprocess.DEVNULL,
            stdout=target if output else subprocess.PIPE,
            stderr=subprocess.PIPE,
            check=False,
        )
    found = msgspec.json.decode(report.read_bytes(), type=Answer)
    found.stdout = (done.stdout or b"").decode("utf-8", "replace")
    found.stderr = done.stderr.decode("utf-8", "replace")
    return found


@pytest.mark.parametrize("name", ATTACKS)
def test_attack(name: str, folder: Path) -> None:
    attack = ATTACKS[name]
    if attack.needs:
        import shutil

        need(attack.needs, shutil.which(attack.needs))
    before = {*folder.iterdir()}
    for _ in range(ATTEMPTS):
        found = answer(folder, attack.run, attack.environment, attack.output)
        if not attack.seconds < found.seconds < 3 * attack.seconds:
            break
    written = [path for path in folder.iterdir() if path not in before]
    holds = written[0].read_text("utf-8", "replace") if len(written) == 1 else ""
    for path in written:
        path.unlink()
    figures = f"{found.seconds:.2f} s, {found.mib:.0f} MiB"
    assert found.status == attack.exit, (figures, found.stderr[-500:])
    assert found.seconds <= attack.seconds, figures
    assert found.mib <= MIB, figures
    assert "Traceback" not in found.stderr
    for told, wanted in ((found.stderr, attack.says), (found.stdout, attack.prints)):
        assert wanted in told if wanted else not told, told[:500]
    for secret in attack.never:
        assert secret not in found.stderr + found.stdout + holds
    assert [path.name for path in written] == ([attack.writes] if attack.writes else [])
    assert attack.holds in holds
    assert max(map(len, found.stderr.splitlines()), default=0) < 2_000
    assert found.stderr.count("\n") <= 21


def test_every_file_is_used() -> None:
    named: set[Any] = {word for attack in ATTACKS.values() for word in attack.run}
    assert {path.name.removesuffix(".recipe") for path in (HERE / "files").iterdir()} <= named
