"""A student's latest result on each standard."""

import datetime as dt

import pytest

from datareview.records.models import AssessmentItem, ItemResponse
from datareview.results.queries.students import latest_on_standards
from tests.factories.assessments import answer, make_assessment, make_standard

pytestmark = pytest.mark.django_db


def test_the_latest_assessment_of_each_standard_counts(cast):
    today = cast.school.today()
    add = make_standard(cast.school)
    compare = make_standard(cast.school, "4.NF.A.2", "Compare fractions.")
    old = make_assessment(
        cast.team, "ABCD", title="Unit 2", given_on=today - dt.timedelta(days=14), standard=compare
    )
    new = make_assessment(cast.team, "ABCD", title="Unit 3", standard=add)
    answer(old, cast.maya, "ABCD")
    answer(new, cast.maya, "AB D")
    answer(new, cast.jonas, "AAAA")
    found = [
        (one.name, str(one.assessment), one.points, one.band, one.is_secure)
        for one in latest_on_standards(cast.ana, cast.maya)
    ]
    assert found == [
        ("Add and subtract fractions", "Unit 3", ("3", "4"), "close", False),
        ("Compare fractions", "Unit 2", ("4", "4"), "secure", True),
    ]


def test_dropped_items_and_deleted_assessments_do_not_count_and_two_items_judge_nobody(cast):
    add = make_standard(cast.school)
    check = make_assessment(cast.team, "ABC", standard=add)
    answer(check, cast.maya, "ABA")
    AssessmentItem.objects.filter(assessment=check, number=3).update(is_dropped=True)
    (one,) = latest_on_standards(cast.ana, cast.maya)
    assert (one.points, one.band) == (("2", "2"), "")
    check.deleted_at = check.created_at
    check.save()
    assert latest_on_standards(cast.ana, cast.maya) == []


def test_nobody_is_secure_or_not_before_all_items_of_the_standard_are_entered(cast):
    check = make_assessment(cast.team, "ABCD", standard=make_standard(cast.school))
    answer(check, cast.maya, "ABC.")
    answer(check, cast.jonas, "ABC ")
    (maya,) = latest_on_standards(cast.ana, cast.maya)
    (jonas,) = latest_on_standards(cast.ana, cast.jonas)
    assert (maya.points, maya.band) == (("3", "3"), "")
    assert (jonas.points, jonas.band) == (("3", "4"), "close")


def test_the_students_page_links_the_assessment_only_for_who_may_open_it(cast, as_user):
    check = make_assessment(cast.team, "ABC", standard=make_standard(cast.school))
    answer(check, cast.maya, "ABA")
    html = as_user(cast.ana).get(cast.maya.get_absolute_url()).content.decode()
    assert f'<a href="{check.get_absolute_url()}">Unit 3 check</a>' in html
    html = as_user(cast.sol).get(cast.maya.get_absolute_url()).content.decode()
    assert "Unit 3 check" in html
    assert check.get_absolute_url() not in html


def test_the_students_page_has_the_word_of_the_groups(cast, as_user):
    check = make_assessment(cast.team, "ABCD", standard=make_standard(cast.school))
    answer(check, cast.maya, "ABC ")
    html = as_user(cast.ana).get(cast.maya.get_absolute_url()).content.decode()
    assert ("level-chip level-3" in html, "Close" in html, "not yet" in html) == (True, True, False)


def test_a_check_that_is_not_entered_whole_hides_no_earlier_result(cast):
    today = cast.school.today()
    standard = make_standard(cast.school)
    old = make_assessment(
        cast.team, "ABCD", title="Unit 2", given_on=today - dt.timedelta(days=14), standard=standard
    )
    new = make_assessment(cast.team, "ABCD", title="Unit 3", standard=standard)
    answer(old, cast.maya, "ABCD")
    answer(new, cast.maya, "A...")
    (one,) = latest_on_standards(cast.ana, cast.maya)
    assert (one.assessment, one.band, one.newer) == (old, "secure", new)
    new.sittings.filter(student=cast.maya).delete()
    ItemResponse.objects.filter(item__assessment=new).delete()
    answer(new, cast.maya, "AAAA")
    (one,) = latest_on_standards(cast.ana, cast.maya)
    assert (one.assessment, one.band, one.newer) == (new, "more_time", None)
