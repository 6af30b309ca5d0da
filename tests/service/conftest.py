"""Services for tests: one that is shared, and any number with settings of one's own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.service.running import Running, running


@pytest.fixture
def server() -> Iterator[Callable[..., Running]]:
    """Start services that are ready: `server("--max-requests", "5", environment={…})`.

    Each is stopped in the end, and must leave no process behind.
    """
    with ExitStack() as stack:
        yield lambda *flags, **how: stack.enter_context(running(*flags, **how))


@pytest.fixture(scope="module")
def shared_server() -> Iterator[Running]:
    """A service with two workers for all tests of a module, which must not break it."""
    with running("--workers", "2") as service:
        yield service
