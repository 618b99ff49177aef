"""Charts of results: what they are of, and of whom."""

import datetime as dt

import pytest
from django.urls import reverse

from datareview.result_charts.queries import to_explore
from datareview.results.queries.page import results_page
from tests.factories.assessments import answer, make_assessment, make_entered_check

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(cast):
    """`make_entered_check`, with a check of two items a week before that Ana's class sat: all but one have both wrong."""
    made = make_entered_check(cast)
    made.before = make_assessment(
        cast.team,
        "AB",
        title="Before",
        given_on=made.check.given_on - dt.timedelta(days=7),
        sections=made.sections,
    )
    for number, row in enumerate(made.sections[0].enrollments.order_by("pk").select_related("student")):
        answer(made.before, row.student, "AB" if number == 0 else "CC", section=made.sections[0])
    return made


def charts(user, place, item="", section=""):
    return to_explore(user, results_page(user, place.check, {"section": section}), item)


def test_a_teacher_sees_each_student_of_the_class_in_both_checks(cast, place):
    found = charts(cast.ana, place)
    _line, points = found.against.series
    assert sorted(zip(points.x, points.y, strict=True)) == [
        (0, 62.5),
        (0, 62.5),
        (0, 100),
        (0, 100),
        (0, 100),
        (100, 62.5),
    ]
    assert found.against.title == "5 of 6 students have a larger share of the points than in Before"
    assert len(found.over_time.series[1].x) == 12


def test_a_check_of_the_same_day_that_was_made_later_is_not_before_this_one(cast, place):
    alone = charts(cast.ana, place)
    later = make_assessment(
        cast.team, "AB", title="Later", given_on=place.check.given_on, sections=place.sections
    )
    for row in place.sections[0].enrollments.select_related("student"):
        answer(later, row.student, "AB", section=place.sections[0])
    assert alone.over_time is not None
    assert charts(cast.ana, place) == alone


def test_the_team_has_the_options_of_an_item_and_no_student(cast, place):
    found = charts(cast.pia, place, item="6")
    assert (found.number, found.against, found.over_time) == (6, None, None)
    [bars] = found.item.series
    assert {x: y for x, y in zip(bars.x, bars.y, strict=True) if y} == {"B ✓": 12, "D": 12}


def test_a_class_that_is_open_for_this_check_does_not_open_others(cast, place):
    from datareview.results.services import open_class

    open_class(place.check, place.sections[0], actor=cast.ana, words="")
    found = charts(cast.pia, place, section=str(place.sections[0].uuid))
    assert found.item
    assert found.against is None


def test_the_page_names_the_students_that_its_points_open(cast, place, as_user):
    html = (
        as_user(cast.ana).get(reverse("datareview:result-charts", args=[place.check.uuid])).content.decode()
    )
    assert "Kid0 OfC" in html
    assert "OfD" not in html
