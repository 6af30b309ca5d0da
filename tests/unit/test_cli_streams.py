"""What commands print, whatever standard output and error are."""

import fcntl
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from gradgraph import Value, dump, export, named_scope
from tests.command import run_cli, run_here, run_process
from tests.conftest import ROOT

NEURON = str(ROOT / "examples/neuron.json")
ODD = os.fsdecode("é☃".encode() + b"\xff.json")
"""A file name that is no text in any encoding."""
COMMANDS = {
    f"render {ODD} -f text": 0,
    f"render {ODD} -f text --style tree --ascii": 0,
    f"render {ODD} -f dot --title ☃": 0,
    f"render {ODD} -f mermaid -o {ODD}.mmd": 0,
    f"render {ODD} -f text --focus {ODD}": 2,
    "render big.json -f mermaid --fold none": 4,
    f"render {ODD} -f text --width {10**30} --max-rows {10**30} --max-rails {10**30} --max-boxes {10**30}": 0,
    f"render {ODD} -f text --width {'9' * 5_000}": 2,
    f"validate {ODD}": 0,
    f"validate bad-{ODD}": 1,
    f"validate bad-{ODD} --errors json": 1,
    f"validate none-{ODD}": 3,
    f"verify {ODD}": 0,
    f"diff {ODD} big.json": 1,
    f"diff {ODD} big.json --json": 1,
    f"info {ODD} big.json": 0,
    f"info {ODD} --json": 0,
    f"info {ODD} --limit {ODD}=1": 2,
    f"convert {ODD} -": 0,
    f"convert {ODD} - --to yaml": 0,
    f"convert {ODD} - --to dot": 0,
    f"convert {ODD} loop.json": 3,
    f"export {ODD}:{ODD}": 1,
    f"export mine:fails -o {ODD}.json": 1,
    f"schema {ODD}": 2,
    "schema": 0,
    f"render {ODD}": 0,
    "render --help": 0,
    "--help": 0,
    "--version": 0,
    "export mine:sound": 0,
    "renderers": 0,
    "doctor": 0,
    f"--{ODD}": 2,
    ODD: 2,
}
MINE = """
import warnings
from gradgraph import Value

def fails():
    raise ValueError('é☃\\udcff')

def sound():
    print('ü☃')
    warnings.warn('☃')
    warnings.warn('nobody is shown this', DeprecationWarning)
    return Value(1.0, label='☃')
"""


@pytest.fixture
def odd_folder(tmp_path, monkeypatch):
    """A folder with files whose names and contents not every encoding has."""
    with named_scope("größe ☃"):
        odd = export(Value(2.0, label="é☃😀") * Value(float("nan"), label="\x81"))
    big = Value(1.0)
    for _ in range(300):
        big = big + big
    dump(odd, tmp_path / ODD)
    dump(export(big), tmp_path / "big.json")
    (tmp_path / f"bad-{ODD}").write_text('{"é☃": 1}', encoding="utf-8")
    (tmp_path / "loop.json").symlink_to("loop.json")
    (tmp_path / "mine.py").write_text(MINE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    "environment", [{"PYTHONIOENCODING": "cp1252"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}], ids=["cp1252", "C"]
)
@pytest.mark.usefixtures("odd_folder")
def test_no_text_is_too_much_for_an_encoding(environment):
    def run(command: str) -> subprocess.CompletedProcess[bytes]:
        call = [sys.executable, "-m", "gradgraph", *command.split()]
        return subprocess.run(call, env={**os.environ, **environment}, capture_output=True, check=False)

    with ThreadPoolExecutor(2) as pool:
        rans = dict(zip(COMMANDS, pool.map(run, COMMANDS), strict=True))
    for command, ran in rans.items():
        assert ran.returncode == COMMANDS[command], ran
        assert b"Traceback" not in ran.stderr
        assert b"gradgraph failed" not in ran.stderr
        if "--json" in command or "--errors json" in command:
            json.loads(ran.stdout + ran.stderr)  # UTF-8 in every locale
        elif COMMANDS[command] in (3, 4):
            assert len(ran.stderr.splitlines()) == 1
        if "PYTHONIOENCODING" in environment:
            assert_same_here(command, ran)


def assert_same_here(command: str, ran: subprocess.CompletedProcess[bytes]) -> None:
    """Most tests run the command in their own process: what they see must be what a user gets, byte for byte."""
    loaded, path, folder = set(sys.modules), [*sys.path], os.getcwd()  # noqa: PTH109
    here = run_here(*command.split(), encoding="cp1252")
    assert (here.returncode, here.stdout, here.stderr) == (ran.returncode, ran.stdout, ran.stderr), command
    assert (sys.path, os.getcwd()) == (path, folder)  # noqa: PTH109
    assert "mine" not in sys.modules
    assert ("rfc3987_syntax" in sys.modules) == ("rfc3987_syntax" in loaded)


def in_a_shell(command: str) -> tuple[int, str]:
    ran = subprocess.run(
        ["/bin/sh", "-c", f"{sys.executable} -m gradgraph {command}"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return ran.returncode, ran.stderr


@pytest.mark.usefixtures("measured")
@pytest.mark.parametrize("command", ["--help", f"info {NEURON} {NEURON}", f"convert {NEURON} -", "schema"])
def test_a_full_disk_is_told_once(command):
    if not os.path.exists("/dev/full"):  # noqa: PTH110
        pytest.skip("this system has no /dev/full")
    assert in_a_shell(f"{command} > /dev/full") == (3, "standard output: No space left on device\n")
    assert in_a_shell(f"{command} > /dev/null 2> /dev/full") == (0, "")


def test_a_standard_error_that_is_full_changes_no_exit_code():
    assert in_a_shell("info missing.json 2> /dev/full")[0] == 3
    assert in_a_shell("frobnicate 2> /dev/full")[0] == 2


@pytest.mark.usefixtures("measured")
@pytest.mark.parametrize("command", ["--help", f"render {NEURON} -f dot"])
def test_help_too_is_quiet_on_a_closed_pipe(command):
    ours, theirs = os.pipe()
    os.close(ours)
    with os.fdopen(theirs, "wb") as closed:
        ran = subprocess.run(
            [sys.executable, "-m", "gradgraph", *command.split()], stdout=closed, stderr=subprocess.PIPE, check=False
        )
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_a_pipe_that_does_not_block_gets_everything(tmp_path, measured):
    path = tmp_path / "big.json"
    dump(export(sum((Value(float(i)) for i in range(5_000)), Value(0.0))), path)
    ours, theirs = os.pipe()
    fcntl.fcntl(theirs, fcntl.F_SETFL, os.O_NONBLOCK)
    with subprocess.Popen([sys.executable, "-m", "gradgraph", "convert", str(path), "-"], stdout=theirs) as process:
        os.close(theirs)
        with os.fdopen(ours, "rb") as pipe:
            assert pipe.read() == path.read_bytes()
    assert process.returncode == 0


def test_a_picture_of_bytes_is_not_for_a_terminal(dot, measured):
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
    ours, theirs = pty.openpty()
    ran = subprocess.run(
        [sys.executable, "-m", "gradgraph", "render", NEURON, "-f", "png"],
        stdout=theirs,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(theirs)
    os.close(ours)
    assert ran.returncode == 2
    assert b"png is not for a terminal: name a file with -o" in ran.stderr


def test_what_nobody_expected_is_told_in_a_line_and_in_full_on_request(tmp_path, measured):
    (tmp_path / "sitecustomize.py").write_text(
        "from gradgraph.graph import figures\ndef fails(graph): raise ValueError('a\\nb')\nfigures.summarize = fails\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    told = "gradgraph failed: ValueError: a\\nb (GRADGRAPH_DEBUG=1 shows where; please report it)\n"
    ran = run_process("info", NEURON, env=environment)
    assert (ran.returncode, ran.stdout, ran.stderr) == (3, "", told)
    ran = run_process("info", NEURON, env={**environment, "GRADGRAPH_DEBUG": "1"})
    assert ran.returncode == 3
    assert ran.stderr.startswith("Traceback")
    assert ran.stderr.endswith(told)


def test_a_limit_may_be_larger_than_the_memory():
    with (ROOT / "examples/neuron.json").open("rb") as file:
        ran = run_process("validate", "-", "--limit", "max_bytes=1000000000000000000", stdin=file)
    assert (ran.returncode, ran.stdout) == (0, "-: valid\n")
    ran = run_cli("validate", NEURON, "--limit", f"max_problems={10**30}")
    assert ran.returncode == 2
    assert "takes a number above 0 and below 2**62" in ran.stderr
