"""Attendance and incidents as measures: a value for each student in each period, with a level.

Attendance is the percent of marked days that a student was here, and incidents are a number. The levels are those of
research, as no school enters benchmarks for them: chronic absence is one day in ten, severe absence one in five
(Attendance Works, "Portraits of change", 2017); two incidents in a year, and six, are the usual bounds between tiers
(Sugai et al., "Preventing school violence", 2000).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from datareview.comparisons.queries.windows import ScoreWindow, windows_of_years
from datareview.figures.queries.attendance import halves_by_student
from datareview.records.models import Incident, Measure, Student
from datareview.records.queries.windows import school_windows
from datareview.trends.columns import read_columns
from teams.access.prepared import many_ids
from teams.directory.queries.days import closed_days

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from teams.directory.models import School

LEAST_DAYS = 10  # marked days from which a share of days is shown
NO_GRADE = -99
YEAR = "year"  # key of the period from the first day of a year to the day of the year that is today
ATTENDANCE, INCIDENTS = Measure.DerivedFrom.ATTENDANCE, Measure.DerivedFrom.INCIDENTS
# A value on a cut has reached it, but who missed just one day in ten is chronically absent.
CUTS = {
    ATTENDANCE: tuple(float(np.nextafter(cut, 100.0)) for cut in (80.0, 90.0, 95.0)),
    INCIDENTS: (5.0, 1.0, 0.0),
}


def words_of_derived(measure: Measure) -> list[str]:
    """The names of the four levels of a derived measure, the worst first."""
    if measure.derived_from == ATTENDANCE:
        return [_("missed 20% or more"), _("missed 10 to 20%"), _("missed 5 to 10%"), _("missed under 5%")]
    return [_("6 or more"), _("2 to 5"), _("1"), _("none")]


def windows_for(measure: Measure, school: School) -> list[ScoreWindow]:
    """The windows in which ``measure`` can have values, in order.

    Derived ones have the last year to the day of today and this year so far. Attendance, which is a share, has the windows
    of this year, too; numbers of incidents in periods that are not equally long would not compare.
    """
    every = windows_of_years(school)
    if not measure.derived_from:
        return every
    today = school.today()
    years = [year for year in school_windows(school.pk).years if year.starts_on <= today][-2:]
    found = [one for one in every if not one.years_ago] if measure.derived_from == ATTENDANCE else []
    for ago, year in reversed(list(enumerate(reversed(years)))):
        until = min(year.ends_on, year.starts_on + (today - years[-1].starts_on))
        name = _("this year so far") if not ago else _("last year to the same day")
        found.append(
            ScoreWindow(
                YEAR, year.starts_on.year, ago, year.starts_on, name[:1].upper() + name[1:], name, until
            )
        )
    return found


def derived_frame(
    measure: Measure, grades: Mapping[int, int | None], windows: Sequence[ScoreWindow]
) -> pd.DataFrame:
    """`frames.score_frame` of attendance or incidents; one query a window, and one for holidays or first days."""
    import pandas as pd

    from datareview.analysis.levels import levels_of

    if not windows or not grades:
        return empty_frame()
    spans = _spans(windows)
    read = _attendance if measure.derived_from == ATTENDANCE else _incidents
    parts = read(measure, grades, spans)
    frame = pd.concat([part.assign(window=place) for place, part in enumerate(parts)], ignore_index=True)
    frame["grade"] = grades_then(frame, grades, windows)
    source = Measure.DerivedFrom(measure.derived_from)
    cuts = {level: np.full(len(frame), cut) for level, cut in enumerate(CUTS[source], start=2)}
    frame["level"] = levels_of(
        frame["value"].to_numpy(float), cuts, np.full(len(frame), measure.higher_is_better)
    )
    return frame[["student", "window", "value", "day", "grade", "level"]]


def empty_frame() -> pd.DataFrame:
    """A frame of scores without rows."""
    import pandas as pd

    return pd.DataFrame(columns=["student", "window", "value", "day", "grade", "level"], dtype=float)


def grades_then(
    frame: pd.DataFrame, grades: Mapping[int, int | None], windows: Sequence[ScoreWindow]
) -> np.ndarray:
    """The grade of each row's student in the year of its window: one less for each year ago."""
    import pandas as pd

    now = pd.Series({pk: NO_GRADE if grade is None else grade for pk, grade in grades.items()}, dtype=float)
    ago = np.array([window.years_ago for window in windows])
    return now.reindex(frame["student"]).to_numpy() - ago[frame["window"].to_numpy(int)]


def _spans(windows: Sequence[ScoreWindow]) -> list[tuple[dt.date, dt.date | None]]:
    """First and last day of each window: the day before the next one begins, None for the newest."""
    spans = []
    for window in windows:
        later = [one.begins for one in windows if one.key != YEAR and one.begins > window.begins]
        last = window.ends or (min(later) - dt.timedelta(days=1) if later else None)
        spans.append((window.begins, last))
    return spans


def _attendance(
    measure: Measure, grades: Mapping[int, int | None], spans: Sequence[tuple[dt.date, dt.date | None]]
) -> list[pd.DataFrame]:
    import pandas as pd

    closed = closed_days([measure.school_id], min(first for first, _last in spans))
    found = []
    for first, last in spans:
        rows = list(halves_by_student(grades, first, last, closed))
        frame = pd.DataFrame(rows, columns=["student", "halves", "marked", "day"])
        frame = frame[frame["marked"] >= LEAST_DAYS]
        value = 100.0 - 50.0 * frame["halves"].astype(float) / frame["marked"].astype(float)
        days = [day.toordinal() for day in frame["day"]]
        found.append(pd.DataFrame({"student": frame["student"].astype(int), "value": value, "day": days}))
    return found


def _incidents(
    measure: Measure, grades: Mapping[int, int | None], spans: Sequence[tuple[dt.date, dt.date | None]]
) -> list[pd.DataFrame]:
    """A number for each student who was here when the period began; none of a period of which nothing is recorded."""
    import pandas as pd

    found_on = read_columns(Student.objects.filter(pk__in=many_ids(grades)), "id", "entered_on")
    came = dict(zip(found_on["id"].tolist(), found_on["entered_on"].tolist(), strict=True))
    recorded = Incident.objects.filter(student__school=measure.school_id)
    found = []
    for first, last in spans:
        within = Q(day__gte=first, day__lte=last) if last else Q(day__gte=first)
        newest = recorded.filter(within).aggregate(last=Max("day"))["last"]
        rows = Incident.objects.filter(within, student__in=many_ids(grades)).order_by()
        many = dict(rows.values_list("student").annotate(Count("pk"))) if newest else {}
        # NaN, of a student without such a day, is not after any.
        here = [pk for pk in grades if not (last and came[pk] > last.toordinal())] if newest else []
        found.append(
            pd.DataFrame(
                {
                    "student": pd.Series(here, dtype=int),
                    "value": pd.Series([float(many.get(pk, 0)) for pk in here], dtype=float),
                    "day": pd.Series([newest.toordinal()] * len(here) if newest else [], dtype=float),
                }
            )
        )
    return found
