"""Services for tests: one that is shared, and any number with settings of one's own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.service.serving import Running, serving

Start = Callable[..., Running]


@pytest.fixture
def server() -> Iterator[Start]:
    """Start services: `server("--max-requests", "5", env={…})` gives one that draws.

    Each is stopped by SIGTERM in the end, unless it has ended, and has to end well and leave no process behind.
    """
    with ExitStack() as stack:
        yield lambda *arguments, **how: stack.enter_context(serving(*arguments, **how)).ready()


@pytest.fixture(scope="module")
def shared_server() -> Iterator[Running]:
    """A service with two workers for all tests of a module, which must not break it."""
    with serving("--workers", "2") as running:
        yield running.ready()
