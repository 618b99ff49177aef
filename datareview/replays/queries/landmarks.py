"""The earlier terms in which a rule is replayed, and who was enrolled then."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datareview.records.models import Student
from datareview.records.queries.stays import enrolled_on
from teams.directory.models import SchoolYear
from teams.directory.models.schools import years_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from teams.directory.models import School

MOST_YEARS = 3
LEAST_DAYS = 42  # of a term, so that three weeks are known before the day of judgement


@dataclass(frozen=True, slots=True)
class Landmark:
    """A term: on ``judged_on`` a rule judges the days from ``since`` on, and is measured by those up to ``until``."""

    name: str
    since: dt.date
    judged_on: dt.date
    until: dt.date


def landmarks_of(school: School) -> list[Landmark]:
    """Terms of this year and the two before it, the latest first, each judged on the day in its middle.

    A year without terms is one. What happens is followed to the end of the school year.
    """
    return list(_landmarks(school))


def _landmarks(school: School) -> Iterator[Landmark]:
    today = school.today()
    years = SchoolYear.objects.filter(school=school, starts_on__lte=today).prefetch_related("terms")
    for year in years.order_by("-starts_on")[:MOST_YEARS]:
        until = min(year.ends_on, today)
        spans = [(f"{term}, {year}", term.starts_on, term.ends_on) for term in year.terms.all()]
        for name, first, end in reversed(spans or [(str(year), year.starts_on, year.ends_on)]):
            last = min(end, until)
            if (last - first).days >= LEAST_DAYS:
                yield Landmark(name, year.starts_on, first + (last - first) // 2, until)


def students_then(school: School, landmark: Landmark) -> dict[int | None, list[int]]:
    """Ids of the students who were enrolled on the day of judgement, by the grade in which they were then.

    A student is taken to have moved up a grade each year. Who would have been below the school's grades is left out.
    """
    day = landmark.judged_on
    rows = Student.objects.filter(enrolled_on(day), school=school).order_by("pk")
    starts = [starts_on for _pk, starts_on, _ends_on in years_of(school.pk)]
    found: dict[int | None, list[int]] = defaultdict(list)
    for pk, grade, status, left_on in rows.values_list("pk", "grade", "status", "left_on"):
        known_on = left_on if status == Student.Status.LEFT and left_on else school.today()
        then = grade if grade is None else grade - sum(day < start <= known_on for start in starts)
        if then is None or then >= school.lowest_grade:
            found[then].append(pk)
    return dict(found)
