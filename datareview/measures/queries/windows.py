"""The page of benchmark windows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datareview.records.queries.windows import school_windows
from teams.access.permissions import schools_where
from teams.directory.models import SchoolYear

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from datareview.records.windows import WindowSpan
    from teams.directory.models import School, User


@dataclass(frozen=True, slots=True)
class YearRow:
    """A school year with its windows, and whether the school has set them for this year."""

    year: SchoolYear
    windows: tuple[WindowSpan, ...]
    is_own: bool

    @property
    def outside(self) -> list[WindowSpan]:
        """Windows that begin before the year or end after it."""
        first, last = self.year.starts_on, self.year.ends_on
        return [window for window in self.windows if window.starts_on < first or window.ends_on > last]

    @property
    def fits_by_cutting(self) -> bool:
        """Whether each of these has days in the year, so that cutting the others off mends it."""
        first, last = self.year.starts_on, self.year.ends_on
        return all(window.starts_on <= last and window.ends_on >= first for window in self.outside)


def years_visible_to(user: User) -> QuerySet[SchoolYear]:
    """School years of the schools whose measures the user may see."""
    return SchoolYear.objects.filter(school_id__in=schools_where(user, "run_trends"))


def window_years(user: User, school: School) -> list[YearRow]:
    """The school years of ``school``, newest first, with the windows that count in each."""
    calendar = school_windows(school.pk)
    own = {year.starts_on for year in calendar.years if year.windows}
    years = years_visible_to(user).filter(school=school).order_by("-starts_on")
    return [YearRow(year, calendar.in_year_of(year.starts_on), year.starts_on in own) for year in years]


def initial_windows(year: SchoolYear) -> list[dict[str, Any]]:
    """Initial data of the form: the windows that count in ``year``."""
    return [
        {
            "key": window.key,
            "name": window.name,
            "starts_on": window.starts_on,
            "ends_on": window.ends_on,
        }
        for window in school_windows(year.school_id).in_year_of(year.starts_on)
    ]
