"""The product's clock. No other module reads the time, as `tests/test_architecture.py` checks.

It differs from the machine's clock by `settings.CLOCK_OFFSET`: zero in production, while the demo and the
tests run on a fixed day. Sessions, tokens and Celery beat use the machine's time, and durations are
measured with `time.monotonic`.
"""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Protocol

from django.conf import settings
from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

_stopped: ContextVar[dt.datetime | None] = ContextVar("stopped_clock", default=None)


class HasZone(Protocol):
    """A school, or any other object with a time zone."""

    @property
    def tz(self) -> ZoneInfo: ...  # noqa: D102 (a protocol's member)


def now() -> dt.datetime:
    """Return the current instant, in UTC."""
    return _stopped.get() or timezone.now() + settings.CLOCK_OFFSET


@contextmanager
def stopped_at(moment: dt.datetime) -> Iterator[None]:
    """Let the clock stand at ``moment`` inside the block: the demo's past is written by the services of today."""
    token = _stopped.set(moment.astimezone(dt.UTC))
    try:
        yield
    finally:
        _stopped.reset(token)


def of_machine(moment: dt.datetime) -> dt.datetime:
    """Return the product's time of an instant that a library recorded in the machine's time."""
    return moment + settings.CLOCK_OFFSET


def today(school: HasZone) -> dt.date:
    """Return the current date at ``school``."""
    return now().astimezone(school.tz).date()


def server_day() -> dt.date:
    """Return the current date in the server's time zone, for rules without a school."""
    return now().astimezone(timezone.get_default_timezone()).date()
