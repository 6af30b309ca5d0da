"""`python -m tests.cost [WORD…]`: measure every pair, or those in whose name each of these words is found.

Prints a line for each pair that grows too fast, and ends with status 1 if one did. With --all, a line for every pair.
With --first, one attempt a pair: a quick look.
"""

import gc
import sys
from collections import Counter
from time import process_time

from tests.cost.actions import grid_layout
from tests.cost.measuring import MOST_RATIO
from tests.cost.pairs import Pair, pairs

SECONDS, MOST_BYTES = 0.008, 2 << 20
SLOWEST = 20
"""How many of the pairs that take the most time for each byte are named at the end."""


def main(arguments: list[str]) -> int:
    """Measure, report, and return the exit status."""
    words = [word for word in arguments if not word.startswith("--")]
    chosen = [pair for pair in pairs() if all(word in str(pair) for word in words)]
    failed: list[Pair] = []
    speeds: list[tuple[float, Pair]] = []
    gc.freeze()
    with grid_layout():
        for pair in chosen:
            growth = pair.judged(SECONDS, MOST_BYTES, attempts=1 if "--first" in arguments else 3)
            speeds.append((growth.seconds_a_mib, pair))
            if not growth.is_linear:
                failed.append(pair)
            if not growth.is_linear or "--all" in arguments:
                print(f"{'ok  ' if growth.is_linear else 'FAIL'} {pair}: {growth}", flush=True)
    print(
        f"{len({pair.action for pair in chosen})} actions, "
        f"{len({(pair.kind, pair.dimension) for pair in chosen})} dimensions, {len(chosen)} pairs: "
        f"{len(failed)} grow by more than {MOST_RATIO} when n doubles; {process_time():.0f} s of CPU"
    )
    for speed, pair in sorted(speeds, reverse=True)[:SLOWEST]:
        print(f"{speed:8.1f} s/MiB {pair}")
    for action, count in Counter(pair.action for pair in failed).most_common():
        print(f"{count:5} {action}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
