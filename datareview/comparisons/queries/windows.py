"""The windows of all school years in which a measure has scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.records.queries.windows import school_windows

if TYPE_CHECKING:
    import datetime as dt

    from teams.directory.models import School


@dataclass(frozen=True, slots=True)
class ScoreWindow:
    """A benchmark window of one school year; ``years_ago`` is 0 in this one.

    Scores count from ``begins`` to before the next window begins, or to ``ends``, if the window overlaps others.
    """

    key: str
    year: int
    years_ago: int
    begins: dt.date
    season: str
    season_in_text: str
    ends: dt.date | None = None

    @property
    def id(self) -> str:
        """The key in an address."""
        return f"{self.key}-{self.year}"

    @property
    def name(self) -> str:
        """The name of the window, with the year in which its school year began unless that is this one or said."""
        if not self.years_ago or self.ends:
            return self.season
        return _("%(window)s of %(year)s") % {"window": self.season, "year": years_in_short(self.year)}

    @property
    def name_in_text(self) -> str:
        """The name inside a sentence."""
        if not self.years_ago or self.ends:
            return self.season_in_text
        return _("%(window)s of %(year)s") % {
            "window": self.season_in_text,
            "year": years_in_short(self.year),
        }


def years_in_short(first: int) -> str:
    """The school year that begins in the year ``first``: 2025–26."""
    return f"{first}–{str(first + 1)[-2:]}"


def windows_of_years(school: School) -> list[ScoreWindow]:
    """The windows of every school year until today, in order."""
    calendar, today = school_windows(school.pk), school.today()
    years = [year for year in calendar.years if year.starts_on <= today]
    found = []
    for ago, year in zip(range(len(years) - 1, -1, -1), years, strict=True):
        for place, span in enumerate(calendar.in_year_of(year.starts_on)):
            begins = min(span.starts_on, year.starts_on) if place == 0 else span.starts_on
            if begins <= today:
                found.append(
                    ScoreWindow(span.key, year.starts_on.year, ago, begins, span.name, span.name_in_text)
                )
    return found
