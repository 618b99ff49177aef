"""Charts of Explore on agendas."""

import pytest
from django.urls import reverse

from collab.agendas.models import Exhibit
from datareview.charts.spec import Chart
from datareview.comparisons.choices import Question
from datareview.dashboards.queries.exhibits import chart_of, freeze, may_see, title_of
from datareview.explore.queries.page import explore_page
from teams.lib.errors import DomainError


def pin_of(cast, user, **question):
    return explore_page(user, cast.school, Question(of=f"team:{cast.team.uuid}", **question)).pin


def test_a_chart_is_put_on_the_next_agenda_and_is_the_same_there(cast, as_user):
    page = explore_page(cast.ana, cast.school, Question(kind="growth"))
    client = as_user(cast.ana)
    data = {"view": page.pin.view, **page.pin.parameters}
    answer = client.post(reverse("collab:exhibit-propose", args=[cast.team.uuid]), data)
    assert answer.status_code == 302
    exhibit = Exhibit.objects.latest("pk")
    assert exhibit.item.title == "Oral reading fluency: Growth against score: Grade 4"
    assert chart_of(cast.tom, exhibit.view, exhibit.parameters).title == page.chart.title
    assert Chart.from_json(freeze(exhibit.view, exhibit.parameters)).series == page.chart.series
    assert not may_see(cast.gil, exhibit.view, exhibit.parameters)
    assert not may_see(cast.zed, exhibit.view, exhibit.parameters)


def test_a_calendar_needs_no_measure(cast):
    pin = pin_of(cast, cast.ana, kind="calendar")
    assert title_of(pin.view, pin.parameters) == "Attendance calendar: Grade 4"
    assert chart_of(cast.tom, pin.view, pin.parameters).title == "Attendance: no days marked yet"


@pytest.mark.parametrize("question", [{"kind": "peers"}, {"kind": "spread", "by": "class"}])
def test_what_looks_different_to_each_reader_is_not_put_on_an_agenda(cast, question):
    assert pin_of(cast, cast.ana, **question) is None


def test_a_class_and_a_whole_school_are_not_put_on_a_teams_agenda(cast):
    for user, of in ((cast.ana, f"section:{cast.section.uuid}"), (cast.pia, "school")):
        assert explore_page(user, cast.school, Question(of=of)).pin is None


def test_another_schools_measure_draws_nothing(cast):
    pin = pin_of(cast, cast.ana)
    other = cast.fluency.__class__.objects.create(school=cast.other_school, key="x", name="x")
    with pytest.raises(DomainError):
        title_of(pin.view, {**pin.parameters, "measure": str(other.uuid)})
    with pytest.raises(DomainError):
        title_of(pin.view, {**pin.parameters, "student": str(cast.maya.uuid)})
