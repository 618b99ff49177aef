"""The measures that the student list shows, and its order by any of its columns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Avg, Case, Count, F, FloatField, Max, OuterRef, Q, Subquery, Value, When

from datareview.flags.models import Flag
from datareview.plans.models import Plan
from datareview.records.absence import DAYS_ABSENT
from datareview.records.models import AttendanceDay, Measure
from datareview.records.queries.order import by_name
from datareview.sections.queries.missing_work import with_missing_work
from datareview.trends.models import Trend

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet

    from datareview.records.models import Student
    from teams.directory.models import School

MOST_MEASURES = 4
BY_MEASURE = "m-"
MISSING = "missing"  # work that is not handed in
FIRST_DOWN = {"flags", MISSING}  # columns that begin with the largest


@dataclass(frozen=True, slots=True)
class ColumnOrder:
    """The column by which the list is sorted, and whether from the largest."""

    key: str = "name"
    is_down: bool = False

    @classmethod
    def read(cls, wanted: str) -> ColumnOrder:
        """The order of the query string, where a minus turns a column's own direction around."""
        key = wanted.removeprefix("-")
        return cls(key or "name", (key in FIRST_DOWN) != wanted.startswith("-"))

    def link(self, key: str) -> str:
        """The value of the query string for a click on the column ``key``: again turns it around."""
        if key != self.key:
            return key
        return f"-{key}" if self.is_down == (key in FIRST_DOWN) else key

    def direction(self, key: str) -> str:
        """``aria-sort`` of the column ``key``, "" for those that do not sort."""
        if key != self.key:
            return ""
        return "descending" if self.is_down else "ascending"


def shown_measures(school: School, students: QuerySet[Student]) -> list[Measure]:
    """At most four measures in use on which ``students`` have a trend.

    Those that most open flags are about come first, then weekly probes, attendance and others, by how many students have
    them: so no column is empty for those whom the list shows.
    """
    ids = students.order_by().values("pk")
    known = dict(
        Trend.objects.filter(student__in=ids, n__gt=0).order_by().values_list("measure").annotate(Count("pk"))
    )
    flagged: Counter[int] = Counter()
    rows = Flag.objects.filter(student__in=ids, state=Flag.State.OPEN).order_by()
    measures = {one.pk: one for one in Measure.objects.in_use().filter(school=school, pk__in=known)}
    for measure_id, domain, many in rows.values_list("rule__measure", "domain").annotate(Count("pk")):
        for one in measures.values():
            if one.pk == measure_id or (measure_id is None and one.derived_from and one.domain == domain):
                flagged[one.pk] += many

    def place(one: Measure) -> tuple[int, int, int, str]:
        kind = (
            0
            if one.kind == Measure.Kind.PROBE
            else 1
            if one.derived_from == Measure.DerivedFrom.ATTENDANCE
            else 2
        )
        return -flagged[one.pk], kind, -known[one.pk], one.name

    return sorted(measures.values(), key=place)[:MOST_MEASURES]


def in_order(
    students: QuerySet[Student], order: ColumnOrder, measures: list[Measure], today: dt.date
) -> QuerySet[Student]:
    """``students`` in the order of a column, then by name; those without a value come last."""
    rows: QuerySet[Any]
    if order.key == "flags":
        is_open = Q(flags__state=Flag.State.OPEN)
        rows = students.annotate(
            worst_flag=Max("flags__severity", filter=is_open),
            flag_count=Count("flags", filter=is_open, distinct=True),
        )
        return rows.order_by(*_both(order, "worst_flag", "flag_count"), *by_name())
    if order.key == MISSING:
        return with_missing_work(students, today).order_by(*_both(order, "missing_work"), *by_name())
    if order.key == "plan":
        plan = Plan.objects.running().filter(student=OuterRef("pk")).order_by("review_on")
        rows = students.annotate(sorted_by=Subquery(plan.values("review_on")[:1]))
        return rows.order_by(*_both(order, "sorted_by"), *by_name())
    if order.key == "grade":
        return students.order_by(*_both(order, "grade"), *by_name())
    chosen = next((one for one in measures if f"{BY_MEASURE}{one.uuid}" == order.key), None)
    if chosen and chosen.derived_from == Measure.DerivedFrom.ATTENDANCE:
        rows = students.annotate(sorted_by=_share_present(chosen.school.year_start()))
        return rows.order_by(*_both(order, "sorted_by"), *by_name())
    if chosen:
        value = Trend.objects.filter(student=OuterRef("pk"), measure=chosen).values("last_value")[:1]
        rows = students.annotate(sorted_by=Subquery(value))
        return rows.order_by(*_both(order, "sorted_by"), *by_name())
    names = by_name()
    rows = students.order_by(*names)
    return rows.reverse() if order.is_down else rows


def _share_present(since: dt.date) -> Subquery:
    """The share of days present from ``since`` on, from 0 to 1."""
    marks = [When(mark=mark, then=Value(1 - absent)) for mark, absent in DAYS_ABSENT.items()]
    days = AttendanceDay.objects.that_count().filter(student=OuterRef("pk"), day__gte=since).order_by()
    share = days.values("student").annotate(share=Avg(Case(*marks, output_field=FloatField())))
    return Subquery(share.values("share"))


def _both(order: ColumnOrder, *names: str) -> list[Any]:
    return [
        F(name).desc(nulls_last=True) if order.is_down else F(name).asc(nulls_last=True) for name in names
    ]
