from datareview.records.models import BenchmarkWindow
from tests.access import READERS, STAFF, Page, by


def _one_window(side) -> None:
    year = side.team.school.years.get()
    BenchmarkWindow.objects.create(year=year, key="fall", starts_on=year.starts_on, ends_on=year.ends_on)


PAGES = [
    Page("dashboard-show", who=by(STAFF)),
    Page(
        "level-show",
        who=by(READERS),
        given=_one_window,
        query=lambda side: {
            "team": side.team.uuid,
            "measure": side.fluency.uuid,
            "window": "fall",
            "level": 1,
        },
    ),
]
