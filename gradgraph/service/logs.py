"""Logs: one JSON object a line on standard error, without a word of any document."""

import json
import logging
import sys
import time
import traceback
from pathlib import Path
from typing import Any

log = logging.getLogger("gradgraph.service")
_OURS = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "color_message"}


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON: time, level, message, and what is given as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        said: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        said |= {name: value for name, value in record.__dict__.items() if name not in _OURS}
        if record.exc_info and record.exc_info[1] is not None:
            said["error"] = named(record.exc_info[1])
        return json.dumps(said, default=str)


def named(error: BaseException) -> str:
    """Return the type of an error and where it was raised. Its text may have words of a document, so it is left out.

    >>> try:
    ...     int("a secret")
    ... except ValueError as error:
    ...     named(error).partition(" at ")[0]
    'ValueError'
    """
    places = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(places[-1].filename).name}:{places[-1].lineno}" if places else ""
    return type(error).__name__ + place


def start_logging(least: int = logging.INFO) -> None:
    """Send our log, from the level `least` on, and those of the server and of its event loop to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    for name, level in (("gradgraph.service", least), ("uvicorn", logging.WARNING), ("asyncio", logging.ERROR)):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
        logger.setLevel(level)  # of asyncio no warnings: it has one for workers that end with it
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
