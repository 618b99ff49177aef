import datetime as dt

from datareview.flag_audit.models import FlagRelease
from datareview.records.models import Subgroup
from teams.directory.models import Term
from tests.access import Post, by
from tests.conftest import START
from tests.factories.district import Side


def _over(side: Side) -> None:
    year = side.school.years.get()
    Subgroup.objects.create(student=side.maya, category="language", group="Learner")
    Term.objects.create(year=year, name="Fall", starts_on=START, ends_on=START + dt.timedelta(days=60))


def _term(side: Side) -> dict[str, object]:
    return {"term": Term.objects.get(year__school=side.school, name="Fall").uuid}


POSTS = [
    Post(
        "flag-release",
        who=by("cora pia ada", rest=403, blind="zoe zia zac"),
        given=_over,
        data=_term,
        effect=lambda side: FlagRelease.objects.filter(school=side.school).count(),
        becomes=1,
    ),
]
