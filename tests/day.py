"""The moment at which every test starts: a Tuesday morning in term, or the day named by ``TEST_DAY``.

``python -m tests.day`` lists the names; ``python -m tests.day commit`` chooses one by the commit's hash.
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Chicago")  # of the server and of every school, unless a test sets another


def _at(year: int, month: int, day: int, hour: int, minute: int) -> dt.datetime:
    return dt.datetime(year, month, day, hour, minute, tzinfo=ZONE)


TUESDAY = _at(2026, 12, 1, 7, 40)
# Days on which date rules break first. Clocks change at 2:00 in two of these nights.
OTHERS = {
    "saturday": _at(2026, 12, 5, 7, 40),
    "sunday": _at(2026, 12, 6, 7, 40),
    "end-of-year": _at(2026, 12, 31, 7, 40),
    "new-year": _at(2027, 1, 1, 7, 40),
    "leap-day": _at(2024, 2, 29, 7, 40),
    "clocks-forward": _at(2026, 3, 8, 1, 30),
    "clocks-back": _at(2026, 11, 1, 1, 30),
    "july": _at(2026, 7, 12, 7, 40),
    "first-of-term": _at(2026, 9, 8, 7, 40),
    "last-of-term": _at(2027, 1, 22, 7, 40),
}
NAME = os.environ.get("TEST_DAY", "")
BEGIN = OTHERS[NAME] if NAME else TUESDAY


def offset_to(moment: dt.datetime) -> dt.timedelta:
    """Return the `settings.CLOCK_OFFSET` with which the product's clock shows ``moment``."""
    return moment - dt.datetime.now(tz=dt.UTC)


def of_commit() -> str:
    """Return the name of the day to test HEAD on. It is fixed per commit, and commits spread over all days."""
    done = subprocess.run(["git", "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    return list(OTHERS)[int(done.stdout, 16) % len(OTHERS)]


if __name__ == "__main__":
    print(of_commit() if sys.argv[1:] == ["commit"] else " ".join(OTHERS))
