"""Judge what `export` makes of real engines: `make wild`, or `python -m tests.real_engines [--details] [NAME ...]`.

Each engine runs in a process of its own. `--missing` lists what has to be installed instead: a name and pins a line.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from importlib import metadata

from .engines import ENGINES
from .judging import VERDICTS, judge_engine
from .live import FOLDER, load

SUMMARIES = {
    "n/a": "nothing ran",
    "right": "RIGHT",
    "own ops": "STRUCTURE right, ops of its own",
    "not judged": "STRUCTURE not judged",
    "order": "ORDER of + or * differs",
    "refused": "REFUSED",
    "crash": "CRASH",
    "WRONG": "WRONG IN SILENCE",
}
FEWEST_RIGHT_IN_STRUCTURE = 16
FEWEST_RIGHT = 12
SECONDS = 240
MARK = "@@"
"""The line of the result begins so: engines print, too."""


def missing():
    """Yield each engine that is not installed in its pinned version."""
    for engine in ENGINES:
        there = {
            f"{found.name}=={found.version}".lower().replace("_", "-")
            for found in metadata.distributions(path=[str(FOLDER / engine.name)])
        }
        if not {engine.pin, *engine.needs} <= there:
            yield engine


def judge_here(engine):
    """Print the verdicts on one engine, as JSON in a marked line."""
    result: dict[str, object]
    try:
        result = {"found": [[*key, *found] for key, found in judge_engine(load(engine)).items()]}
    except BaseException as error:  # whatever an engine does when it is imported
        result = {"error": f"{type(error).__name__}: {error}"}
    print(f"\n{MARK}{json.dumps(result)}")


def judge_apart(engine):
    """Return what a process of its own prints for an engine."""
    command = [sys.executable, "-m", "tests.real_engines", "--here", engine.name]
    environment = {**os.environ, "MPLBACKEND": "Agg"}
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, env=environment)
    except subprocess.TimeoutExpired:
        return {"error": f"took more than {SECONDS} s"}
    lines = [line for line in ran.stdout.splitlines() if line.startswith(MARK)]
    return json.loads(lines[-1].removeprefix(MARK)) if lines else {"error": ran.stderr.strip()[-300:] or "no result"}


def summarize(result):
    """Return the summary of an engine, and how often each verdict was given."""
    if "error" in result:
        return "no engine", result["error"].splitlines()[-1]
    counts = Counter(verdict for _, _, verdict, _ in result["found"])
    worst = max(counts, key=VERDICTS.index)
    part = " in part" if worst == "refused" and counts["right"] + counts["own ops"] else ""
    return SUMMARIES[worst] + part, " ".join(f"{each}:{counts[each]}" for each in VERDICTS if counts[each])


def details(result):
    """Yield a line for each program and verdict that is not "right"."""
    states: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for program, state, verdict, why in result.get("found", []):
        if verdict != "right":
            states.setdefault((verdict, program), []).append((state, why))
    for (verdict, program), found in states.items():
        why = " ".join(found[0][1].split())[:300]
        yield f"    {verdict}: {program} [{', '.join(state for state, _ in found)}]: {why}"


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.real_engines")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these engines")
    parser.add_argument("--details", action="store_true", help="print every verdict that is not right")
    parser.add_argument("--missing", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    unknown = {*options.names} - {engine.name for engine in ENGINES}
    if unknown:
        parser.error(f"no engine of the table: {', '.join(sorted(unknown))}")
    if options.missing:
        for engine in missing():
            print(engine.name, engine.pin, *engine.needs)
        return 0
    chosen = [engine for engine in ENGINES if not options.names or engine.name in options.names]
    if options.here:
        judge_here(*chosen)
        return 0
    totals: Counter[str] = Counter()
    for engine in chosen:
        result = judge_apart(engine)
        summary, counts = summarize(result)
        totals[summary] += 1
        print(f"{engine.pin:28} {summary:32} {counts}", flush=True)
        for line in details(result) if options.details else ():
            print(line)
    print()
    for summary, count in sorted(totals.items()):
        print(f"{count:3} {summary}")
    right = totals[SUMMARIES["right"]]
    in_structure = right + totals[SUMMARIES["own ops"]]
    if totals[SUMMARIES["WRONG"]]:
        return 1
    return int(not options.names and (in_structure < FEWEST_RIGHT_IN_STRUCTURE or right < FEWEST_RIGHT))


if __name__ == "__main__":
    sys.exit(main())
