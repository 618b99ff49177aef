"""Home: assessments to enter, groups to teach today, checks that are due again."""

import datetime as dt

import pytest

from collab.home.queries.home import home_of
from datareview.records.models import SectionTeacher
from datareview.regrouping.models import RegroupedGroup, Regrouping
from tests.conftest import make_student
from tests.factories.assessments import absent, answer, make_assessment, make_standard

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def check(cast):
    return make_assessment(
        cast.team, "AAAA", given_on=cast.school.today() - DAY, standard=make_standard(cast.school)
    )


def missing(user, cast):
    return [(one.title, one.missing) for one in home_of(user, cast.school).to_enter]


def enrolled(cast, section, many):
    for number in range(many):
        student = make_student(cast.school, f"70{number}{section.pk}", f"Kid{number}", "Late", 4)
        student.enrollments.create(section=section, starts_on=cast.school.year_start())


def test_a_check_of_ones_class_is_to_enter_until_everybody_is_in_or_was_absent(cast, check):
    mine = cast.section.enrollments.count()
    assert mine == 2
    assert missing(cast.ana, cast) == [("Unit 3 check", 2)]
    assert missing(cast.gil, cast) == missing(cast.pia, cast) == missing(cast.zed, cast) == []
    answer(check, cast.maya, "A.  ", section=cast.section)
    assert missing(cast.ana, cast) == [("Unit 3 check", 1)]
    absent(check, cast.jonas, section=cast.section)
    assert missing(cast.ana, cast) == []


def test_only_chosen_classes_recent_days_and_kept_assessments_count(cast, check):
    check.sections.add(cast.section)
    assert missing(cast.ana, cast) == [("Unit 3 check", 2)]
    other = cast.school.sections.exclude(pk=cast.section.pk).first()
    check.sections.set([other])
    SectionTeacher.objects.filter(section=other, staff=cast.staff.ana).delete()
    assert missing(cast.ana, cast) == []
    check.sections.clear()
    for given_on in (cast.school.today() + DAY, cast.school.today() - 22 * DAY):
        check.given_on = given_on
        check.save()
        assert missing(cast.ana, cast) == []
    check.given_on = cast.school.today()
    check.save()
    assert missing(cast.ana, cast) == [("Unit 3 check", 2)]
    check.deleted_at = check.created_at
    check.save()
    assert missing(cast.ana, cast) == []


def form(cast, check, **group):
    regrouping = Regrouping.objects.create(assessment=check, standard=check.items.first().standard)
    values = {"band": "close", "teacher": cast.staff.ana, "weekdays": [cast.school.today().weekday()]} | group
    one = RegroupedGroup.objects.create(regrouping=regrouping, **values)
    one.places.create(regrouping=regrouping, student=cast.maya)
    return regrouping


def groups(user, cast):
    found = home_of(user, cast.school).groups_today
    return [(str(one.group), one.students, one.may_open) for one in found]


def test_a_group_is_taught_on_its_days_until_the_check_again(cast, check):
    regrouping = form(cast, check)
    assert groups(cast.ana, cast) == [("Close", 1, True)]
    assert groups(cast.tom, cast) == []
    regrouping.check_on = cast.school.today() - DAY
    regrouping.save()
    assert groups(cast.ana, cast) == []
    regrouping.check_on = cast.school.today()
    regrouping.save()
    assert groups(cast.ana, cast) == [("Close", 1, True)]
    regrouping.groups.update(weekdays=[(cast.school.today() + DAY).weekday()])
    assert groups(cast.ana, cast) == []


def test_who_is_outside_the_team_sees_the_group_without_a_link(cast, check, as_user):
    regrouping = form(cast, check, teacher=cast.staff.sol, place="Room 7")
    assert groups(cast.sol, cast) == [("Close", 1, False)]
    html = as_user(cast.sol).get("/").content.decode()
    assert ("Room 7" in html, regrouping.get_absolute_url() in html) == (True, False)


def due(user, cast):
    return home_of(user, cast.school).to_repeat


def test_a_check_again_is_due_two_days_before_until_it_is_made(cast, check, as_user):
    regrouping = form(cast, check, teacher=None)
    today = cast.school.today()
    for check_on, is_due in (
        (today + 3 * DAY, False),
        (today + 2 * DAY, True),
        (today - 28 * DAY, True),
        (today - 29 * DAY, False),
    ):
        Regrouping.objects.update(check_on=check_on)
        assert due(cast.tom, cast) == ([regrouping] if is_due else [])
    Regrouping.objects.update(check_on=today)
    assert due(cast.gil, cast) == due(cast.pia, cast) == due(cast.zed, cast) == []
    html = as_user(cast.tom).get("/").content.decode()
    assert f"/assessments/new/?again={check.uuid}" in html
    again = make_assessment(cast.team, "AAAA", title="Check again", given_on=today)
    again.again_of = check
    again.save()
    assert due(cast.tom, cast) == []


def test_all_students_are_counted_and_the_check_is_a_thing_to_do(cast, check):
    before = home_of(cast.ana, cast.school).finding
    enrolled(cast, cast.section, 30)
    assert missing(cast.ana, cast) == [("Unit 3 check", 32)]
    assert home_of(cast.ana, cast.school).finding == before
    check.delete()
    assert (before[:8], home_of(cast.ana, cast.school).finding[:8]) == ("2 things", "1 thing ")
