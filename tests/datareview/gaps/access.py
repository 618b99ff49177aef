from datareview.gaps.models import GapRelease
from datareview.records.models import BenchmarkWindow
from tests.access import Elsewhere, Page, Post, by
from tests.factories.district import Side


def _one_window(side: Side) -> None:
    year = side.team.school.years.get()
    BenchmarkWindow.objects.create(year=year, key="fall", starts_on=year.starts_on, ends_on=year.ends_on)


def _released(side: Side) -> None:
    _one_window(side)
    GapRelease.objects.create(
        school=side.school, measure=side.fluency, window="fall", year=_window(side)["year"], least=10
    )


def _window(side: Side) -> dict[str, int]:
    return {"year": side.team.school.years.get().starts_on.year}


def _asked(side: Side) -> dict[str, object]:
    return {"measure": side.fluency.uuid, "window": f"fall-{_window(side)['year']}"}


OFFICE = "cora pia ada"
PAGES = [
    Page("gap-show", who=by(f"{OFFICE} zoe zia zac", rest=403)),
    Page("gap-download", who=by(OFFICE, rest=403, blind="zoe zia zac"), given=_released, query=_asked),
]
ELSEWHERE = [Elsewhere("gap-pdf", "a PDF; tests/datareview/gaps/test_gaps.py makes it")]
POSTS = [
    Post(
        "gap-release",
        who=by(OFFICE, rest=403, blind="zoe zia zac"),
        given=_one_window,
        data=_asked,
        effect=lambda side: GapRelease.objects.filter(school=side.school).count(),
        becomes=1,
    ),
]
