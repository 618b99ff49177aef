from datareview.records.models import BenchmarkWindow
from tests.access import OFFICE, Page, Post, by, day
from tests.factories.district import Side


def _year(side: Side) -> list:
    return [side.school.years.get().uuid]


def _windows(side: Side) -> list:
    return list(BenchmarkWindow.objects.filter(year__school=side.school).values_list("key", "name"))


PAGES = [
    Page("window-list", who=by(OFFICE, rest=403)),
    Page("window-edit", _year, by("cora ada", sees="pia")),
]

POSTS = [
    Post(
        "window-edit",
        _year,
        by("cora ada", sees="pia"),
        data=lambda side: {
            "seen": "4f53cda18c2baa0c",
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
