import datetime as dt

from django.db.models import F

from datareview.measures.services.benchmarks import benchmarks_fingerprint
from datareview.measures.services.measures import measure_fingerprint
from datareview.records.models import BenchmarkWindow, Measure
from teams.lib.versions import version_of
from tests.access import OFFICE, Page, Post, by, day, now, one
from tests.factories.district import Side


def _year(side: Side) -> list:
    return [side.school.years.get().uuid]


def _windows(side: Side) -> list:
    return list(BenchmarkWindow.objects.filter(year__school=side.school).values_list("key", "name"))


def _too_long(side: Side) -> None:
    """A window that ends after its year."""
    year = side.school.years.get()
    BenchmarkWindow.objects.create(
        year=year, key="spring", starts_on=year.starts_on, ends_on=year.ends_on + dt.timedelta(days=9)
    )
    side.fluency.benchmarks.all().delete()


def _described(seen: str) -> dict:
    levels = {f"level_{n}": name for n, name in enumerate(("Red", "Yellow", "Green", ""), start=1)}
    return {
        "seen": seen,
        "name": "Spelling",
        "domain": "academic",
        "kind": "probe",
        "scale_min": 0,
        "scale_max": 300,
        "direction": "higher",
        "decimals": 0,
        "lowest_grade": 1,
        "highest_grade": 5,
        **levels,
    }


def _named(name: str):
    return lambda side: list(
        Measure.objects.filter(school=side.school, name=name).values_list("scale_max", flat=True)
    )


def _without_benchmarks(side: Side) -> None:
    side.fluency.benchmarks.all().delete()


PAGES = [
    Page("measure-list", who=by(OFFICE, rest=403)),
    Page("measure-new", who=by("cora ada zoe zac", rest=403)),
    Page("measure-detail", one("fluency"), by("cora pia ada")),
    Page("measure-edit", one("fluency"), by("cora ada", sees="pia")),
    Page("benchmark-edit", one("fluency"), by("cora ada", sees="pia")),
    Page("benchmark-download", one("fluency"), by("cora ada", sees="pia")),
    Page("window-list", who=by(OFFICE, rest=403)),
    Page("window-edit", _year, by("cora ada", sees="pia")),
]

POSTS = [
    Post(
        "measure-new",
        who=by("cora ada zoe zac", rest=403),
        data=lambda side: _described(""),
        effect=lambda side: _named("Spelling")(side.own),
        becomes=[300],
    ),
    Post(
        "measures-change",
        who=by("cora ada zoe zac", rest=403),
        data=lambda side: {"do": "retire", "row": side.own.fluency.uuid},
        effect=lambda side: Measure.objects.get(pk=side.own.fluency.pk).retired_on,
        becomes=lambda side: side.school.today(),
    ),
    Post(
        "measure-adopt",
        lambda side: ["srss-e7"],
        by("cora ada zoe zac", rest=403),
        effect=lambda side: list(
            Measure.objects.filter(school=side.own.school, key="srss-e7").values_list("scale_max", flat=True)
        ),
        becomes=[21],
    ),
    Post(
        "measure-edit",
        one("fluency"),
        by("cora ada", sees="pia"),
        given=_without_benchmarks,
        data=lambda side: _described(measure_fingerprint(Measure.objects.get(pk=side.fluency.pk))),
        effect=_named("Spelling"),
        becomes=[300],
    ),
    Post(
        "measure-retire",
        one("fluency"),
        by("cora ada", sees="pia"),
        data=lambda side: {"retired": "yes"},
        effect=lambda side: now("fluency", "retired_on")(side) is not None,
        becomes=True,
    ),
    Post(
        "benchmark-edit",
        one("fluency"),
        by("cora ada", sees="pia"),
        data=lambda side: {
            "seen": benchmarks_fingerprint(side.fluency),
            "cell_4_fall_below": 60,
            "cell_4_fall_at": 90,
            "cell_4_fall_above": 120,
        },
        effect=lambda side: list(side.fluency.benchmarks.values_list("grade", "window", "at")),
        becomes=[(4, "fall", 90)],
    ),
    Post(
        "window-fit",
        _year,
        by("cora ada", sees="pia"),
        given=_too_long,
        effect=lambda side: list(
            BenchmarkWindow.objects.filter(year__school=side.school, ends_on=F("year__ends_on")).values_list(
                "key", flat=True
            )
        ),
        becomes=["spring"],
    ),
    Post(
        "window-edit",
        _year,
        by("cora ada", sees="pia"),
        given=_without_benchmarks,
        data=lambda side: {
            "seen": version_of(),  # no window yet
            "windows-TOTAL_FORMS": 1,
            "windows-INITIAL_FORMS": 0,
            "windows-0-key": "fall",
            "windows-0-name": "Autumn",
            "windows-0-starts_on": day(side, -30),
            "windows-0-ends_on": day(side, -10),
        },
        effect=_windows,
        becomes=[("fall", "Autumn")],
    ),
]
