"""The command `gradgraph`, also `python -m gradgraph`: the command line, ended cleanly by signals."""

import os
import signal
import sys

from gradgraph.cli.signals import Ended, EndedBySignals
from gradgraph.cli.streams import abandon_streams


def main() -> None:
    """Run the command line and leave with its exit code, or with 128 and the number of the signal that ended it."""
    try:
        with EndedBySignals():  # first, since the imports alone take a tenth of a second
            from gradgraph.cli.main import run

            status = run()
    except Ended as ended:
        abandon_streams()
        if ended.number == signal.SIGINT and os.isatty(2):
            os.write(2, b"\n")  # after the ^C that the terminal shows
        status = 128 + ended.number
    sys.exit(status)


if __name__ == "__main__":
    main()
