"""What decisions are measured by, on which students, and what a team says at the check."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from collab.agendas.models import Topic
from collab.decisions.forms import DecisionForm
from collab.decisions.models import Decision
from collab.decisions.queries.cohorts import decision_cohorts
from collab.decisions.queries.decisions import baseline_words, effect_of
from collab.decisions.services import checks, decisions
from collab.decisions.services.decisions import cast_consensus_vote
from datareview.records.models import Assessment, AttendanceDay, CourseGrade, Enrollment, Incident
from teams.lib import clock
from teams.lib.errors import DomainError
from tests.conftest import make_student
from tests.factories.decisions import decide
from tests.factories.meetings import current, fresh


def attend(student, first, marks):
    AttendanceDay.objects.bulk_create(
        AttendanceDay(student=student, day=first + dt.timedelta(days=place), mark=mark)
        for place, mark in enumerate(marks)
    )


def test_attendance_is_compared_over_as_many_days_before_as_after(cast, live):
    today = cast.school.today()
    AttendanceDay.objects.all().delete()
    for student, absent in ((cast.maya, 5), (cast.jonas, 0)):
        attend(student, today - dt.timedelta(days=9), ["unexcused"] * absent + ["present"] * (10 - absent))
    attend(cast.ines, today - dt.timedelta(days=3), ["present"] * 4)  # too few days to say
    made = decide(cast, live, gauge="attendance", cohort="team", target=90)
    assert (made.baseline, made.baseline_n) == (75.0, 2)
    assert baseline_words(made) == (
        "Attendance, % of days present, All students of the team: average 75.0 (n = 2); target 90"
    )
    for student, absent in ((cast.maya, 1), (cast.jonas, 0)):
        attend(student, today + dt.timedelta(days=1), ["unexcused"] * absent + ["present"] * (10 - absent))
    made = checks.check_decision(made)
    assert (made.result["n"], made.result["reached"], made.result["gone"]) == (2, 2, 0)


def test_fewer_incidents_are_better(cast, live):
    today = cast.school.today()
    Incident.objects.all().delete()
    for days in (1, 8):
        Incident.objects.create(student=cast.maya, day=today - dt.timedelta(days=days), kind="Ran")
    made = decide(cast, live, gauge="incidents", cohort=f"section:{cast.section.uuid}", target=1)
    assert (made.baseline, made.baseline_n, made.higher_is_better) == (1.0, 2, False)
    Incident.objects.create(student=cast.jonas, day=today + dt.timedelta(days=3), kind="Ran")
    made = checks.check_decision(made)
    assert (made.result["n"], made.result["reached"]) == (2, 2)


def test_course_grades_are_the_last_ones_of_each_class(cast, live):
    today = cast.school.today()
    enrollment = Enrollment.objects.get(student=cast.maya)
    for days, percent in ((20, 50), (2, 60)):
        CourseGrade.objects.create(
            enrollment=enrollment, as_of=today - dt.timedelta(days=days), percent=percent
        )
    made = decide(cast, live, gauge="grades", cohort="team")
    assert (made.baseline, made.baseline_n) == (60.0, 1)
    with pytest.raises(DomainError, match="outside the scale"):
        decide(cast, live, gauge="grades", cohort="team", target=101)


def test_students_are_chosen_by_name_from_the_teams_own(cast, live):
    made = decide(cast, live, measure=cast.fluency, cohort="named", named=[cast.jonas, cast.leak])
    assert list(made.students.values_list("student", flat=True)) == [cast.jonas.pk]
    assert made.cohort == "1 student chosen by name"
    with pytest.raises(DomainError, match="no students now"):
        decide(cast, live, measure=cast.fluency, cohort="named", named=[cast.leak])
    with pytest.raises(DomainError, match="no students now"):
        decide(cast, live, gauge="attendance", cohort="below")


def test_a_teaching_group_is_a_cohort_of_its_team(cast, live):
    own = Assessment.objects.create(team=cast.team, title="Exit ticket", given_on=cast.school.today())
    regrouping = own.regroupings.create()
    group = regrouping.groups.create(band="close", position=2)
    regrouping.places.create(group=group, student=cast.maya)
    key = f"group:{regrouping.uuid}:2"
    assert dict(decision_cohorts(cast.team))[key] == "Close: Exit ticket"
    made = decide(cast, live, measure=cast.fluency, cohort=key)
    assert list(made.students.values_list("student", flat=True)) == [cast.maya.pk]
    assert key not in dict(decision_cohorts(cast.other_team))
    Assessment.objects.filter(pk=own.pk).update(deleted_at=clock.now())
    assert key not in dict(decision_cohorts(cast.team))


def test_the_form_offers_measures_and_what_is_counted_besides(cast, live):
    def form(**data):
        start = {
            "text": "Pairs",
            "check_on": cast.school.today(),
            "client_key": uuid.uuid4(),
            "cohort": "team",
        }
        return DecisionForm({**start, **data}, item=current(live), meeting=live, user=cast.ana)

    scores = form(measure=str(cast.fluency.uuid))
    assert scores.is_valid()
    assert (scores.cleaned_data["measure"], scores.cleaned_data["gauge"]) == (cast.fluency, "")
    counted = form(measure="attendance", cohort="named", named=[cast.maya.uuid])
    assert counted.is_valid()
    assert (counted.cleaned_data["measure"], counted.cleaned_data["gauge"]) == (None, "attendance")
    assert list(counted.cleaned_data["named"]) == [cast.maya]
    assert form(measure="grades", cohort="named").errors == {"named": ["Choose at least one student."]}
    assert "named" in form(measure="grades", cohort="named", named=[cast.leak.uuid]).errors
    twin = make_student(cast.school, "2020", "Maya", "Okafor", 4)
    names = [name for _uuid, name in form()["named"].field.choices]
    assert {f"Maya Okafor, {one.local_id}" for one in (cast.maya, twin)} <= set(names)
    assert str(cast.jonas) in names


@pytest.mark.parametrize(
    ("target", "mean_after", "low", "high", "effect"),
    [
        (100.0, 100.0, -1.0, 5.0, "worked"),
        (100.0, 99.0, 1.0, 5.0, "did_not"),
        (None, 99.0, 0.5, 5.0, "worked"),
        (None, 99.0, -0.5, 5.0, "early"),
        (None, 99.0, -5.0, -0.5, "did_not"),
    ],
)
def test_whether_it_worked_follows_from_the_result(cast, target, mean_after, low, high, effect):
    found = {"n": 8, "change": 2.0, "mean_after": mean_after, "low": low, "high": high}
    assert effect_of(Decision(measure=cast.fluency, target=target, result=found)) == effect


def test_what_was_not_begun_has_no_effect_whatever_the_data_say(cast):
    found = {"n": 8, "change": 2.0, "mean_after": 9.0, "low": 1.0, "high": 3.0}
    assert effect_of(Decision(gauge="attendance", result=found, done_as="stopped")) == "worked"
    assert effect_of(Decision(gauge="attendance", result=found, done_as="not_begun")) == ""
    assert effect_of(Decision(judged="worked", done_as="not_begun")) == ""


def test_with_too_few_scores_it_is_too_early_once_something_was_done(cast):
    found = {"n": 2, "change": None}
    assert effect_of(Decision(gauge="attendance", result=found)) == ""
    assert effect_of(Decision(gauge="attendance", result=found, done_as="partly")) == "early"
    assert (
        effect_of(Decision(gauge="incidents", result={"change": -1.0, "low": -2.0, "high": -0.1, "n": 9}))
        == "worked"
    )


@pytest.fixture
def checking(cast, live):
    """A decision of this team without a measure, checked by the current item."""
    made = decide(cast, live)
    item = current(live)
    Topic.objects.filter(pk=item.topic_id).update(kind="check", decision=made)
    return made


def test_members_say_on_its_day_whether_it_was_done_and_worked(cast, live, checking, as_user):
    address = reverse("collab:decision-check", args=[live.uuid, checking.uuid])
    page = as_user(cast.tom).get(live.get_absolute_url()).content.decode()
    assert (page.count(f'hx-post="{address}"'), "Did it work?" in page) == (7, True)
    before = fresh(live).revision
    as_user(cast.tom).post(address, {"done_as": "partly"}, headers={"HX-Request": "true"})
    as_user(cast.ana).post(address, {"judged": "worked"}, headers={"HX-Request": "true"})
    as_user(cast.ana).post(address, {"judged": "worked"}, headers={"HX-Request": "true"})
    checked = fresh(checking)
    assert (checked.done_as, checked.judged, effect_of(checked)) == ("partly", "worked", "worked")
    assert fresh(live).revision == before + 2
    with pytest.raises(PermissionDenied):
        checks.record_check(checking, actor=cast.pia, done_as="stopped")
    with pytest.raises(DomainError, match="Choose one of the answers"):
        checks.record_check(checking, actor=cast.ana, done_as="maybe")


def test_what_is_kept_is_checked_again_against_its_first_day(cast, live, checking, as_user):
    found = {"n": 0, "change": None}
    fields = {
        "measure": cast.fluency,
        "baseline": 50.0,
        "baseline_n": 1,
        "baseline_on": live.starts_at.date(),
    }
    Decision.objects.filter(pk=checking.pk).update(cohort="4A", result=found, **fields)
    checking.students.create(student=cast.maya, baseline=50.0)
    assert "Keep it and check again" in as_user(cast.tom).get(live.get_absolute_url()).content.decode()
    later, key = live.team.school.today() + dt.timedelta(days=20), uuid.uuid4()
    for _twice in range(2):
        kept = decisions.check_again(current(live), actor=cast.tom, check_on=later, client_key=key)
    page = as_user(cast.ana).get(live.get_absolute_url()).content.decode()
    assert ("Tom Berg kept it" in page, 'data-dialog="keep"' in page) == (True, False)
    with pytest.raises(DomainError, match="has kept it already"):
        decisions.check_again(current(live), actor=cast.ana, check_on=later, client_key=uuid.uuid4())
    assert (kept.text, kept.check_on, kept.item) == (checking.text, later, current(live))
    assert {name: getattr(fresh(kept), name) for name in fields} == fields
    assert list(kept.students.values_list("student", "baseline")) == [(cast.maya.pk, 50.0)]
    assert (kept.result, fresh(checking).result) == (None, found)
    decisions.withdraw_decision(kept, actor=cast.tom)
    with pytest.raises(DomainError, match="has passed"):
        decisions.check_again(
            current(live), actor=cast.tom, check_on=later - dt.timedelta(days=40), client_key=uuid.uuid4()
        )


def test_nobody_says_that_a_measured_decision_worked(cast, live, checking, as_user):
    Decision.objects.filter(pk=checking.pk).update(measure=cast.fluency)
    with pytest.raises(DomainError, match="The data say"):
        checks.record_check(checking, actor=cast.ana, judged="worked")
    assert "Did it work?" not in as_user(cast.ana).get(live.get_absolute_url()).content.decode()


def test_a_restricted_decision_is_checked_only_by_its_readers(cast, live, checking):
    item = checking.item
    item.visibility = "restricted"
    item.save()
    item.readers.create(staff=cast.staff.ana)
    with pytest.raises(PermissionDenied):
        checks.record_check(checking, actor=cast.tom, done_as="stopped")
    assert checks.record_check(checking, actor=cast.ana, done_as="stopped").done_as == "stopped"


def test_low_votes_are_named_as_concerns_beside_the_mean(cast, live, as_user):
    made = decide(cast, live)
    for user, fingers in ((cast.ana, 5), (cast.tom, 3)):
        cast_consensus_vote(made, actor=user, fingers=fingers)
    assert "to hear" not in as_user(cast.ana).get(live.get_absolute_url()).content.decode()
    cast_consensus_vote(made, actor=cast.tom, fingers=2)
    assert "1 concern to hear" in as_user(cast.ana).get(live.get_absolute_url()).content.decode()
