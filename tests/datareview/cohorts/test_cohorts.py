"""Cohorts: which sets of students a reader may choose, and who of them is in one."""

import datetime as dt
from copy import copy
from uuid import uuid4

import pytest
from django.urls import reverse

from datareview.cohorts.queries import cohort_of, cohorts_of
from datareview.plans.models import GroupMember, PlanGroup
from datareview.records.models import Student
from datareview.regrouping.models import RegroupedGroup
from datareview.regrouping.services import form_groups
from teams.directory.models import Team
from tests.conftest import make_student
from tests.factories.assessments import answer, make_assessment, make_standard
from tests.factories.groups import make_group

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(cast):
    return make_group(cast)


@pytest.fixture
def taught(cast):
    """The group of those who need more time after a check: Maya."""
    standard = make_standard(cast.school)
    check = make_assessment(cast.team, "AAAAA", given_on=cast.school.today(), standard=standard)
    answer(check, cast.maya, "BBBBB")
    answer(check, cast.jonas, "AAAAA")
    form_groups(check, standard, actor=cast.ana)
    return RegroupedGroup.objects.get(band="more_time")


def names(user, cast, kind):
    found = {key: choices for key, _name, choices in cohorts_of(user, cast.school, with_groups=True)}
    return dict(found.get(kind, []))


def inside(user, cast, key):
    cohort = cohort_of(user, cast.school, key)
    return cohort and set(cohort.students.values_list("first_name", flat=True))


def test_groups_of_interventions_are_offered_to_who_sees_them_until_they_end(cast, group):
    key = f"group:{group.uuid}"
    assert names(cast.pia, cast, "group") == {key: "Fluency"}
    assert inside(cast.pia, cast, key) == {cast.plan.student.first_name}
    assert names(cast.zed, cast, "group") == {}
    assert inside(cast.zed, cast, key) is None
    PlanGroup.objects.update(ended_on=cast.school.today())
    assert names(cast.pia, cast, "group") == {}
    assert inside(cast.pia, cast, key) is None


def test_who_left_the_group_or_the_school_is_not_in_it(cast, group):
    key = f"group:{group.uuid}"
    Student.objects.filter(pk=cast.plan.student_id).update(status=Student.Status.LEFT)
    assert inside(cast.pia, cast, key) == set()
    Student.objects.filter(pk=cast.plan.student_id).update(status=Student.Status.ACTIVE)
    GroupMember.objects.update(joined_on=cast.plan.starts_on, left_on=cast.school.today())
    assert inside(cast.pia, cast, key) == set()


def test_teaching_groups_have_the_standard_and_the_band_in_their_name(cast, taught):
    key = f"teaching:{taught.pk}"
    assert names(cast.ana, cast, "teaching")[key] == "4.NF.B.3: Needs more time"
    assert inside(cast.ana, cast, key) == {"Maya"}
    assert cohort_of(cast.ana, cast.school, key).name == "4.NF.B.3: Needs more time"
    assert inside(cast.zed, cast, key) is None
    taught.regrouping.assessment.given_on = cast.school.year_start() - dt.timedelta(days=1)
    taught.regrouping.assessment.save()
    assert key not in names(cast.ana, cast, "teaching")


def test_a_teacher_sees_of_a_group_only_their_own_students(cast, group):
    first_grader = make_student(cast.school, "1010", "Una", "Vance", 1)
    other = copy(cast.plan)
    other.pk, other.uuid, other.student, other._state.adding = None, uuid4(), first_grader, True
    other.save()
    GroupMember.objects.create(group=group, plan=other, joined_on=group.starts_on)
    key, own = f"group:{group.uuid}", cast.plan.student.first_name
    assert inside(cast.pia, cast, key) == {own, "Una"}
    assert inside(cast.ana, cast, key) == {own}


def test_teaching_groups_are_their_teams_alone_also_for_who_sees_all_students(cast, taught):
    key = f"teaching:{taught.pk}"
    assert key in names(cast.cora, cast, "teaching")  # leads all teams
    assert key not in names(cast.pia, cast, "teaching")
    assert inside(cast.pia, cast, key) is None
    Team.objects.filter(pk=cast.team.pk).update(is_active=False)
    assert key not in names(cast.cora, cast, "teaching")


@pytest.mark.parametrize("key", ["group:", "group:x", "teaching:", "teaching:x", "teaching:-1", "band:1", ""])
def test_a_key_that_nothing_has_is_no_cohort(cast, key):
    assert cohort_of(cast.pia, cast.school, key) is None


def test_pages_of_data_are_about_a_group(cast, group, as_user):
    for name in ("dashboard-show", "explore-show"):
        address, asked = reverse(f"datareview:{name}"), {"of": f"group:{group.uuid}"}
        page = as_user(cast.pia).get(address, asked)
        assert page.status_code == 200
        assert "Fluency" in page.content.decode()
        assert as_user(cast.zed).get(address, asked).status_code == 404
