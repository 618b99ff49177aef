"""Mastery by standard: the numbers of the page of results, for many checks at once."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from datareview.assessments.models import ClassShare
from datareview.looks.models import ResultsView
from datareview.mastery.queries.table import mastery_table
from datareview.records.models import AssessmentItem, Sitting
from datareview.results.queries.page import results_page
from datareview.results.queries.students import latest_on_standards
from tests.factories.assessments import (
    answer,
    enter_class,
    make_assessment,
    make_entered_check,
    make_standard,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(cast):
    """A check of two standards that four classes of six sat; half of each miss the second standard."""
    return make_entered_check(cast)


def page(client, person, **wanted):
    client.force_login(person)
    return client.get(reverse("datareview:mastery-list"), wanted)


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def by_code(user, cast, **wanted):
    return {row.standard.code: row for row in mastery_table(user, cast.school, wanted).page}


def of_the_results(user, check):
    shown = results_page(user, check, {"section": "team"})
    return {line.result.standard.code: line.result for line in shown.standards}


def test_the_shares_are_those_of_the_page_of_results(client, cast, made):
    rows = by_code(cast.ana, cast)
    for code, result in of_the_results(cast.ana, made.check).items():
        assert rows[code].latest == result
    shown = text(page(client, cast.ana))
    assert "4.NF.B.3" in shown
    assert "50%, 12 of 24" in shown
    assert "100%, 24 of 24" in shown


def test_a_number_opens_the_students_and_ones_own_class(client, cast, made):
    row = by_code(cast.ana, cast)["4.NF.B.3"]
    html = page(client, cast.ana).content.decode()
    assert row.url.replace("&", "&amp;") in html
    own = client.get(row.own_url)
    assert "KidC" not in text(own)
    assert "Kid0 OfC" in text(own)
    assert by_code(cast.pia, cast, team=str(cast.team.uuid))["4.NF.B.3"].own_url == ""


@pytest.mark.parametrize("person", ["ana", "tom", "pia", "cora"])
@pytest.mark.parametrize("entered", [0, 1, 2, 3])
def test_no_class_follows_that_the_page_of_results_would_not_show(cast, person, entered):
    made = make_entered_check(cast, entered=entered)
    user = getattr(cast, person)
    expected = of_the_results(user, made.check)
    rows = by_code(user, cast, team=str(cast.team.uuid))
    assert {code: row.latest for code, row in rows.items() if row.latest} == expected
    assert len(rows) == 2


def test_a_part_of_a_class_is_not_counted_and_what_was_seen_before_counts(client, cast):
    made = make_entered_check(cast, entered=3)
    page(client, cast.pia, team=str(cast.team.uuid))
    view = ResultsView.objects.get(reader=cast.pia)
    assert view.counted == sorted(one.pk for one in made.sections[:3])
    part = made.sections[3].enrollments.first()
    Sitting.objects.create(assessment=made.check, student=part.student, section=made.sections[3])
    assert by_code(cast.pia, cast)["4.NF.B.3"].latest.n == 18
    Sitting.objects.filter(section=made.sections[3]).delete()
    enter_class(made.check, made.sections[3])  # the fourth class alone would follow from both sums
    assert by_code(cast.pia, cast)["4.NF.B.3"].latest.n == 18
    page(client, cast.pia)
    assert ResultsView.objects.filter(reader=cast.pia).count() == 1


def test_an_opened_class_may_be_alone(cast):
    made = make_entered_check(cast, entered=1)
    assert by_code(cast.pia, cast)["4.NF.B.3"].latest is None
    ClassShare.objects.create(assessment=made.check, section=made.sections[0], teacher=cast.staff.ana)
    assert by_code(cast.pia, cast)["4.NF.B.3"].latest.n == 6


def test_students_outside_a_class_count_with_theirs(cast, made):
    Sitting.objects.filter(section=made.sections[3]).update(section=None)
    assert by_code(cast.pia, cast)["4.NF.B.3"].latest == of_the_results(cast.pia, made.check)["4.NF.B.3"]


def test_the_check_before_is_beside_it_and_few_items_say_so(client, cast, made):
    day = made.check.given_on - dt.timedelta(days=1)
    first = make_assessment(
        cast.team, "ABCD", given_on=day, sections=made.sections, standard=made.standards[1]
    )
    AssessmentItem.objects.create(
        assessment=first, number=5, key="A", standard=make_standard(cast.school, "4.MD.A.1")
    )
    for section in made.sections:
        for row in section.enrollments.all():
            Sitting.objects.create(assessment=first, student=row.student, section=section)
    row = by_code(cast.ana, cast)["4.NF.B.3"]
    assert [one.pk for one in row.checks] == [made.check.pk, first.pk]
    assert row.before.n == 0
    shown = text(page(client, cast.ana, sort="-checks"))
    assert shown.index("4.NF.B.3") < shown.index("4.NF.A.2")
    assert "No student is entered whole" in shown


def test_it_sorts_and_searches_and_a_long_list_has_pages(client, cast, made):
    codes = [row.standard.code for row in mastery_table(cast.ana, cast.school, {"sort": "share"}).page]
    assert codes == ["4.NF.B.3", "4.NF.A.2"]
    codes = [row.standard.code for row in mastery_table(cast.ana, cast.school, {"sort": "-share"}).page]
    assert codes == ["4.NF.A.2", "4.NF.B.3"]
    assert [*by_code(cast.ana, cast, q="compare")] == ["4.NF.A.2"]
    assert "No standards match" in text(page(client, cast.ana, q="algebra"))
    many = make_assessment(cast.team, "A" * 60, title="Many", sections=made.sections)
    for item in many.items.all():
        item.standard = make_standard(cast.school, f"5.X.{item.number:02}", "A very long statement " * 20)
        item.save()
    assert "5.X.60" in text(page(client, cast.ana, page="2"))
    assert "5.X.01" not in text(page(client, cast.ana, page="2"))


def test_queries_do_not_grow_with_checks_and_classes(client, cast, made):
    def queries():
        with CaptureQueriesContext(connection) as found:
            mastery_table(cast.pia, cast.school, {"team": "all"})
        return len(found)

    few = queries()
    for number in range(4):
        more = make_assessment(cast.team, "ABCD", title=f"Check {number}", sections=made.sections)
        standard = make_standard(cast.school, f"4.Y.{number}")
        more.items.update(standard=standard)
        for row in made.sections[0].enrollments.all():
            Sitting.objects.create(assessment=more, student=row.student, section=made.sections[0])
    assert queries() == few


def test_other_schools_see_nothing_of_it_and_no_checks_say_what_to_do(client, cast, made):
    assert "4.NF.B.3" not in text(page(client, cast.zed, team=str(cast.team.uuid)))
    assert "No checks of standards this year" in text(page(client, cast.zed))


def test_a_total_of_several_items_says_as_much_as_these(cast):
    """Results by standard: one column of five points. Maya has four of them, and the others two."""
    standard = make_standard(cast.school)
    check = make_assessment(cast.team, "A", sections=[cast.section], standard=standard)
    check.items.update(kind=AssessmentItem.Kind.TOTAL, key="", max_points=5)
    for row in cast.section.enrollments.select_related("student"):
        answer(check, row.student, " ", section=cast.section)
    check.items.get().responses.update(points=2)
    check.items.get().responses.filter(student=cast.maya).update(points=4)
    n = cast.section.enrollments.count()
    found = by_code(cast.ana, cast)[standard.code].latest
    assert (found.items, found.mastering, found.n) == (5, 1, n)
    same = of_the_results(cast.ana, check)[standard.code]
    assert (same.items, same.mastering, same.n) == (5, 1, n)
    assert [one.band for one in latest_on_standards(cast.ana, cast.maya)] == ["secure"]
    check.items.update(kind=AssessmentItem.Kind.POINTS)  # a single item says nothing of it
    assert by_code(cast.ana, cast)[standard.code].latest.mastering is None
    assert [one.band for one in latest_on_standards(cast.ana, cast.maya)] == [""]
