"""The product's clock. Nothing else asks what time it is; `tests/test_architecture.py` holds that.

It runs `settings.CLOCK_OFFSET` off the machine's clock: zero in production; the demo and the tests live on
a day of their own. Sessions, tokens and Celery's beat keep the machine's time, and durations are measured
with `time.monotonic`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from django.conf import settings
from django.utils import timezone

if TYPE_CHECKING:
    import datetime as dt
    from zoneinfo import ZoneInfo


class HasZone(Protocol):
    """A school, or something else with a time zone."""

    @property
    def tz(self) -> ZoneInfo: ...  # noqa: D102 (a protocol's member)


def now() -> dt.datetime:
    """Return the current instant, in UTC."""
    return timezone.now() + settings.CLOCK_OFFSET


def today(school: HasZone) -> dt.date:
    """Return the current date at ``school``."""
    return now().astimezone(school.tz).date()


def server_day() -> dt.date:
    """Return the current date in the server's time zone, for rules that know no school."""
    return now().astimezone(timezone.get_default_timezone()).date()
