"""Fuzzing that is guided by coverage: `python -m tests.fuzz_guided TARGET RUNS`, or `TARGET --keep FOLDER`.

Starts from the corpus of the target, tries so many inputs, and ends with a status other than 0 at the first that breaks
a promise or takes longer than `SLOW`; the input is then in the folder that is named. With --keep it takes what is new
in the folder of another run into the corpus, minimised. Needs atheris (`pip install atheris`).
"""

import json
import random
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from tempfile import mkdtemp

import atheris

with atheris.instrument_imports(include=["gradgraph", "gradgraph_renderers"]):
    for module in ("dot_reading", "explaining", "writing", "yaml_reading", "yaml_writing"):  # others come with these
        import_module(f"gradgraph.{module}")
    fuzz_targets = import_module("tests.fuzz_targets")
    mutate_tree = import_module("tests.fuzz").mutate_tree

CORPUS = Path(__file__).parent / "corpus"
LONGEST = 4096
"""Bytes of an input: what is slow beyond that, the judges of cost find."""
SLOW = 10
"""Seconds of an input, which takes some milliseconds as a rule, on a machine that is busy with other things."""
MOST_KEPT = 70_000
"""Bytes that the corpus of a target may have."""


def main(target: str, *words: str) -> None:
    """Fuzz, or minimise what another run found together with the corpus, and replace the corpus by that."""
    found = Path(mkdtemp(prefix=f"fuzz-{target}-"))
    new = found / "new"
    new.mkdir()
    bounds = [f"-max_len={LONGEST}", f"-timeout={SLOW}", "-rss_limit_mb=1500", f"-artifact_prefix={found}/"]
    if words[0] == "--keep":
        again = found / "again"  # libFuzzer starts itself for a merge
        again.write_text(f'#!/bin/sh\nexec {sys.executable} -m {__spec__.name} {target} --inner "$0" "$@"\n')
        again.chmod(0o755)
        subprocess.run(
            [str(again), *bounds, "-merge=1", str(new), words[1], str(CORPUS / target)],
            cwd=CORPUS.parent.parent,
            check=True,
        )
        keep(target, new)
    elif words[0] == "--inner":
        fuzz(target, [*words[1:]])
    else:
        dictionary = found / "words"
        dictionary.write_text("".join([f'"{_escaped(word)}"\n' for word in fuzz_targets.WORDS[target]]))
        sys.stdout.write(f"{target}: {words[0]} runs, what is found is in {found}\n")
        folders = [str(new), str(CORPUS / target)]
        fuzz(target, ["", *bounds, f"-runs={words[0]}", f"-dict={dictionary}", "-print_final_stats=1", *folders])


def fuzz(target: str, arguments: list[str]) -> None:
    """Have libFuzzer do what its arguments say; it ends the process."""
    sys.stdout.flush()
    mutators = {"custom_mutator": in_its_tree} if target == "json" else {}
    atheris.Setup(arguments, fuzz_targets.TARGETS[target], **mutators)
    atheris.Fuzz()


def in_its_tree(data: bytes, most: int, seed: int) -> bytes:
    """Another document made of one, by turns in its tree and in its bytes: those alone are seldom JSON any more."""
    rng = random.Random(seed)  # noqa: S311
    try:
        tree = json.loads(data) if rng.random() < 0.5 else None
    except (ValueError, RecursionError):
        tree = None
    if not isinstance(tree, (dict, list)):
        return bytes(atheris.Mutate(data, most))
    mutate_tree(tree, rng)
    mutated = json.dumps(tree, indent=rng.choice((None, 1)), ensure_ascii=rng.random() < 0.5)
    return mutated.encode("utf-8", "surrogatepass")[:most]


def keep(target: str, minimised: Path) -> None:
    """Make the corpus of a target what is in a folder: the smallest files, as many as there is room for."""
    shutil.rmtree(CORPUS / target, ignore_errors=True)
    (CORPUS / target).mkdir(parents=True)
    room = MOST_KEPT
    for path in sorted(minimised.iterdir(), key=lambda path: path.stat().st_size):
        room -= path.stat().st_size
        if room < 0:
            break
        shutil.copy(path, CORPUS / target / path.name[:16])


def _escaped(word: str) -> str:
    return "".join([f"\\x{byte:02x}" for byte in word.encode()])


if __name__ == "__main__":
    main(*sys.argv[1:])
