"""The time at which the demo opens: a school morning, regardless of the actual date.

``python -m collab.demo.opening FOLDER [DATE]`` prints the clock's offset in seconds and stores it in
``FOLDER/clock``, with the day for which the demo was made. `./dev demo` touches that file while the demo runs, so
that its modification time gives the demo's time when it was stopped. With ``show`` instead of a date it prints
the time of the demo's clock.
"""

from __future__ import annotations

import datetime as dt
import math
import os
import sys
from pathlib import Path

from collab.demo.calendar import ZONE, bounds, is_school_day, start_year
from teams.lib import formats

OPENS, NOON = dt.time(7, 40), dt.time(12)
MADE_AT = dt.time(7, 20)  # before the meeting at 10:10; creating the district takes a few minutes
BEHIND = dt.timedelta(weeks=12)  # of school before the opening day: the period with data
CLEAR = dt.timedelta(weeks=2)  # without a holiday before and after the opening day


def best_day(near: dt.date) -> dt.date:
    """Return the Tuesday nearest to ``near`` at least twelve weeks into the school year and not close to a holiday."""
    days = (near + dt.timedelta(days=n) for n in sorted(range(-370, 371), key=lambda n: (abs(n), n)))
    return next(day for day in days if day.weekday() == 1 and has_work_behind(day) and _is_clear(day))


def has_work_behind(day: dt.date) -> bool:
    """Return whether the school year began at least twelve weeks before ``day``."""
    return day - BEHIND >= bounds(start_year(day))[0]


def opening_after(moment: dt.datetime) -> dt.datetime:
    """Return ``moment`` if it is on a school morning, else the next opening after it."""
    day = moment.date()
    if is_school_day(day) and moment.time() < NOON:
        return max(moment, dt.datetime.combine(day, OPENS, ZONE))
    day += dt.timedelta(days=1)
    while not is_school_day(day):
        day += dt.timedelta(days=1)
    return dt.datetime.combine(day, OPENS, ZONE)


def open_demo(folder: Path, now: dt.datetime, asked: dt.date | None = None) -> int:
    """Return the clock offset of the demo in ``folder``, in seconds, and store it there.

    A new demo opens on ``asked``, or on the best day near the machine's ``now``; an existing one continues from
    the time at which it was stopped. Raises `ValueError` with a sentence if ``asked`` is not possible.
    """
    file = folder / "clock"
    if file.exists():
        made_for = dt.date.fromisoformat(file.read_text(encoding="utf-8").split()[1])
        if asked not in (None, made_for):
            raise ValueError(f"the demo in {folder} was made for {made_for}; remove that folder first.")
        begin = opening_after(stood_at(file))
    elif (folder / "collab.sqlite3").exists():
        raise ValueError(f"the demo in {folder} has no clock of its own yet; remove that folder first.")
    else:
        if asked and not (is_school_day(asked) and has_work_behind(asked)):
            raise ValueError(f"{asked} is no day on which twelve weeks of school lie behind.")
        made_for = asked or best_day(now.astimezone(ZONE).date())
        begin = dt.datetime.combine(made_for, MADE_AT, ZONE)
    seconds = math.ceil(begin.timestamp() - now.timestamp())
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{seconds} {made_for}\n", encoding="utf-8")
    return seconds


def stood_at(file: Path) -> dt.datetime:
    """Return the demo's time when ``file``, which stores its offset, was last touched."""
    offset = int(file.read_text(encoding="utf-8").split()[0])
    return dt.datetime.fromtimestamp(file.stat().st_mtime + offset, ZONE)


def _is_clear(day: dt.date) -> bool:
    days = (day + dt.timedelta(days=n) for n in range(-CLEAR.days, CLEAR.days + 1))
    return all(is_school_day(one) for one in days if one.weekday() < 5)


def main(folder: str, date: str = "") -> None:
    """Print the offset, or with ``show`` the time of the demo's clock."""
    if date == "show":
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collab.config.settings")  # names the language
        print(formats.moment(stood_at(Path(folder) / "clock"), tz=ZONE, with_year=True))
        return
    try:
        asked = dt.date.fromisoformat(date) if date else None
        print(open_demo(Path(folder), dt.datetime.now(tz=dt.UTC), asked))
    except ValueError as error:
        sys.exit(f"dev: {error}")


if __name__ == "__main__":
    main(*sys.argv[1:])
