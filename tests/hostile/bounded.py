"""A program that runs another within bounds, and writes what it took to a file.

It is a program of its own because Linux counts the memory of whoever starts a program as that program's.
"""

import json
import os
import resource
import sys

if __name__ == "__main__":
    report, seconds, mib, *command = sys.argv[1:]
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
        resource.setrlimit(resource.RLIMIT_AS, (int(mib) << 20, int(mib) << 20))
        os.execvp(command[0], command)  # noqa: S606
    _, status, used = os.wait4(child, 0)
    with open(report, "w") as file:  # noqa: PTH123  # pathlib takes time to import
        took = {
            "status": os.waitstatus_to_exitcode(status),
            "seconds": used.ru_utime + used.ru_stime,
            "mib": used.ru_maxrss / 1024,
        }
        json.dump(took, file)
