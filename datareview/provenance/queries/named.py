"""What a page about a value of a student shows, and how its name is read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from teams.lib.parameters import int_or_none

if TYPE_CHECKING:
    from datareview.disputes.models import Dispute
    from datareview.provenance.queries.origins import Origin


@dataclass(frozen=True, slots=True)
class SourcedValue:
    """A stored value with its origin, or with a ``url`` of the page that has it.

    ``key`` names it in the form for wrong values, "" if that takes none of its kind.
    """

    text: str
    origin: Origin | None
    day: dt.date | None = None
    former: list[Origin] = field(default_factory=list)
    key: str = ""
    dispute: Dispute | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class NamedValue:
    """What a page shows under a name: the stored values of ``day`` (None: of several) from which it comes.

    ``note`` says how it is computed from them; ``url`` and ``url_text`` lead to where the values are entered.
    ``nothing`` is what no value means where that is a value itself: no incident is 0 incidents.
    """

    subject: str
    day: dt.date | None
    values: list[SourcedValue]
    note: str = ""
    url: str = ""
    url_text: str = ""
    nothing: str = ""


def numbered_day(rest: str) -> tuple[int, dt.date | None]:
    """The number and the day of a name such as "7-2026-11-24"; 0 and None for what is not one."""
    number, _dash, day = rest.partition("-")
    return int_or_none(number) or 0, day_named(day)


def day_named(text: str) -> dt.date | None:
    """The day of a name; None if it is none, or has no week before it."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if day - dt.date.min >= dt.timedelta(days=7) else None  # before its week there is no date
