from teams.calendar.queries import suggestion_for
from teams.directory.models import Holiday, Period, School, SchoolYear
from tests.access import OFFICE, STAFF, STRANGERS, Page, Post, by, day, now, one
from tests.factories.district import Side

OWN = by(OFFICE, rest=403)  # of the user's own school
KEPT = by("cora pia ada", blind=STRANGERS, rest=403)
BELLS = by("cora pia ada", blind="zoe zia zac", rest=403)
NEXT_YEAR = {"name": "Next", "starts_on": "2040-09-01", "ends_on": "2041-06-30"}
SECOND = {"name": "2", "starts_at": "09:00", "ends_at": "10:00"}


def _periods(side: Side) -> list:
    return list(Period.objects.filter(school=side.own.school).values_list("cycle_day", "name"))


def _suggested(side: Side) -> dict:
    """A year with the first of its holidays, as the page suggests it."""
    found = suggestion_for(side.own.school)
    return {**(NEXT_YEAR if found.year else {}), "terms": 2, "holidays": [found.holidays[0].key]}


def _newest_holiday(side: Side) -> list[str]:
    return list(side.own.school.holidays.order_by("-pk").values_list("name", flat=True)[:1])


PAGES = [
    Page("calendar-show", who=by(STAFF)),
    Page("year-suggest", who=OWN),
    Page("bells-show", who=by(STAFF)),
    Page("period-change", lambda side: [side.period.pk], BELLS),
]

POSTS = [
    Post(
        "year-suggest",
        who=OWN,
        data=_suggested,
        effect=_newest_holiday,
        becomes=lambda side: [suggestion_for(side.own.school).holidays[0].name],
    ),
    Post(
        "year-add",
        who=OWN,
        data=lambda side: NEXT_YEAR,
        effect=lambda side: list(
            SchoolYear.objects.filter(school=side.own.school).values_list("name", flat=True)
        ),
        becomes=["This year", "Next"],
    ),
    Post(
        "year-change",
        one("year"),
        KEPT,
        data=lambda side: {
            "name": "Now",
            "starts_on": side.year.starts_on.isoformat(),
            "ends_on": side.year.ends_on.isoformat(),
        },
        effect=now("year", "name"),
        becomes="Now",
    ),
    Post(
        "term-add",
        one("year"),
        KEPT,
        data=lambda side: {"name": "Two", "starts_on": day(side, 1), "ends_on": day(side, 60)},
        effect=lambda side: list(side.year.terms.values_list("name", flat=True)),
        becomes=["One", "Two"],
    ),
    Post(
        "term-change",
        one("term"),
        KEPT,
        data=lambda side: {
            "name": "Autumn",
            "starts_on": side.term.starts_on.isoformat(),
            "ends_on": side.term.ends_on.isoformat(),
        },
        effect=now("term", "name"),
        becomes="Autumn",
    ),
    Post("term-remove", one("term"), KEPT, effect=now("term", "name"), becomes=None),
    Post(
        "holiday-add",
        who=OWN,
        data=lambda side: {"name": "Fair", "starts_on": day(side, 5)},
        effect=lambda side: list(
            Holiday.objects.filter(school=side.own.school).values_list("name", flat=True)
        ),
        becomes=["Off", "Fair"],
    ),
    Post(
        "holiday-remove",
        lambda side: [side.holiday.pk],
        KEPT,
        effect=now("holiday", "name"),
        becomes=None,
    ),
    Post(
        "cycle-set",
        who=OWN,
        data=lambda side: {"cycle": "turning", "cycle_days": 6},
        effect=lambda side: School.objects.get(pk=side.own.school.pk).cycle_days,
        becomes=6,
    ),
    Post(
        "period-add",
        who=OWN,
        data=lambda side: {"cycle_day": 0, **SECOND},
        effect=_periods,
        becomes=[(0, "1"), (0, "2")],
    ),
    Post(
        "period-change",
        lambda side: [side.period.pk],
        BELLS,
        data=lambda side: {"cycle_day": 1, **SECOND},
        effect=now("period", "cycle_day", "name"),
        becomes=(1, "2"),
    ),
    Post(
        "period-change",
        lambda side: [side.period.pk],
        BELLS,
        data=lambda side: {"remove": "yes"},
        effect=now("period", "name"),
        becomes=None,
    ),
    Post(
        "day-copy",
        who=OWN,
        data=lambda side: {"source": 0, "target": [1, 2]},
        effect=_periods,
        becomes=[(0, "1"), (1, "1"), (2, "1")],
    ),
]
