"""The command as tests run it: in this process, or in one of its own where streams, signals or start-up matter."""

import importlib
import io
import os
import subprocess
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

import gradgraph.__main__
from gradgraph.cli.main import run

READ_AT_START = {name: value for name, value in os.environ.items() if name.startswith("PYTHON")}
"""Variables that Python reads when it starts: here it has started already."""
SILENT = DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning
"""What Python does not show unless asked, https://docs.python.org/3/library/warnings.html#default-warning-filter."""


def run_process(*arguments: str, **options) -> subprocess.CompletedProcess[str]:
    """Run `python -m gradgraph ARGUMENTS` in a process of its own, and return its output as text.

    For tests of streams, signals, start-up, memory and whatever Python decides when it starts.
    """
    return subprocess.run(
        [sys.executable, "-m", "gradgraph", *arguments], capture_output=True, encoding="utf-8", check=False, **options
    )


def run_cli(
    *arguments: str, input: str = "", cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Return what `run_process` returns, from the command run in this process, which takes a tenth of the time."""
    ran = run_here(*arguments, input=input.encode(), cwd=cwd, env=env)
    return subprocess.CompletedProcess(ran.args, ran.returncode, _text(ran.stdout), _text(ran.stderr))


def run_here(
    *arguments: str,
    input: bytes = b"",
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    encoding: str = "utf-8",
) -> subprocess.CompletedProcess[bytes]:
    """Run the command in this process, on streams of this encoding, and leave the process as it was."""
    given, printed, told = io.BytesIO(input), io.BytesIO(), io.BytesIO()
    with pytest.MonkeyPatch.context() as patch, _warnings_as_users_have_them(), _modules_forgotten():
        _set_environment(patch, os.environ if env is None else env)
        patch.chdir(cwd or Path.cwd())
        patch.setattr(sys, "path", [*sys.path])
        patch.setattr(sys, "argv", [gradgraph.__main__.__file__, *arguments])
        patch.setitem(sys.modules, "__main__", gradgraph.__main__)  # by which click calls the program
        patch.setitem(sys.modules, "rfc3987_syntax", None)  # as the command does, for as long as it lives
        patch.setattr(sys, "stdin", io.TextIOWrapper(given, encoding=encoding))
        patch.setattr(sys, "stdout", io.TextIOWrapper(printed, encoding=encoding))
        patch.setattr(sys, "stderr", io.TextIOWrapper(told, encoding=encoding, line_buffering=True))
        status = run()
        sys.stdout.flush()
        sys.stderr.flush()
        return subprocess.CompletedProcess(arguments, status, printed.getvalue(), told.getvalue())


def _text(output: bytes) -> str:
    return io.TextIOWrapper(io.BytesIO(output), encoding="utf-8").read()  # line ends as `subprocess` reads them


def _set_environment(patch: pytest.MonkeyPatch, wanted: Mapping[str, str]) -> None:
    needless = {name: value for name, value in wanted.items() if name.startswith("PYTHON")}
    assert needless == READ_AT_START, "Python reads these when it starts: use run_process"
    for name in os.environ.keys() - wanted.keys():
        patch.delenv(name)
    for name, value in wanted.items():
        patch.setenv(name, value)


@contextmanager
def _warnings_as_users_have_them() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.resetwarnings()
        for category in SILENT:
            warnings.simplefilter("ignore", category)
        yield


@contextmanager
def _modules_forgotten() -> Iterator[None]:
    """Forget in the end what was imported from folders that only the command has put on the path."""
    importlib.invalidate_caches()
    known, path = set(sys.modules), set(sys.path)
    try:
        yield
    finally:
        own = [Path(folder) for folder in sys.path if folder not in path]
        for name in sys.modules.keys() - known:
            if any(_file_of(sys.modules[name]).is_relative_to(folder) for folder in own):
                del sys.modules[name]


def _file_of(module: ModuleType) -> Path:
    return Path(getattr(module, "__file__", None) or "builtin")
