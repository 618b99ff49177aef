"""Queries of the main pages: no more for many rows of each kind than for a few, or than are named here."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from collab.actions.models import Action
from collab.agendas.models import AgendaItem, Topic
from collab.decisions.models import Decision
from collab.followup.models import Question, TeachingChange
from collab.meetings.models import Guest, Meeting
from collab.observations.models import PeerObservation
from collab.polls.models import Poll
from collab.protocols.models import Protocol
from datareview.assessments.models import EssentialStandard
from datareview.flags.models import Candidate, Flag
from datareview.frameworks.models import FrameworkFile
from datareview.imports.models import Import
from datareview.records.models import AssessmentItem, AttendanceDay, Enrollment, Guardian
from datareview.runs.models import TrendRun
from teams.directory.models import Role, TeamMember
from teams.lib import clock
from tests import conftest, day
from tests.day import BEGIN, offset_to
from tests.factories.assessments import answer, make_assessment, make_standard
from tests.factories.groups import make_group

if TYPE_CHECKING:
    from datareview.records.models import Student
    from tests.factories.district import Side

pytestmark = [pytest.mark.django_db, pytest.mark.text]

# Page, who opens it, and the most queries it may take.
PAGES = {
    ("collab:home-show", "ana", ""): 15,
    ("collab:home-show", "cora", ""): 18,
    ("collab:home-show", "sol", ""): 13,
    ("collab:home-show", "pia", ""): 19,
    ("collab:meeting-detail", "ana", "meeting"): 25,
    ("collab:meeting-detail", "gus", "meeting"): 13,
    ("collab:meeting-detail", "ana", "live"): 17,
    ("collab:meeting-detail", "ana", "minutes"): 23,
    ("collab:meeting-list", "ana", ""): 7,
    ("collab:minutes-list", "ana", ""): 4,
    ("collab:minutes-staff", "ana", "minutes"): 10,
    ("collab:team-detail", "ana", "team"): 16,
    ("collab:ledger-show", "ana", "team"): 9,
    ("collab:question-list", "pia", ""): 4,
    ("collab:poll-list", "ana", ""): 9,
    ("collab:protocol-list", "ana", ""): 3,
    ("collab:observation-list", "ana", ""): 4,
    ("collab:overview-show", "pia", ""): 8,
    ("collab:coverage-show", "cora", ""): 14,
    ("datareview:student-list", "ana", ""): 12,
    ("datareview:student-list", "cora", ""): 13,  # one for the groups by which the office filters
    ("datareview:student-detail", "ana", "maya"): 26,
    ("datareview:student-detail", "cora", "maya"): 28,
    ("datareview:student-edit", "ada", "maya"): 10,
    ("datareview:leaver-list", "cora", ""): 3,
    ("datareview:section-list", "cora", ""): 8,
    ("datareview:section-detail", "cora", "section"): 8,
    ("datareview:unplaced-list", "cora", ""): 4,
    ("datareview:group-list", "cora", ""): 4,
    ("datareview:guardian-list", "cora", ""): 9,
    ("datareview:candidate-list", "cora", ""): 11,
    ("datareview:candidate-detail", "cora", "candidate"): 19,
    ("datareview:plan-list", "sol", ""): 9,
    ("datareview:desk-show", "cora", ""): 26,
    ("datareview:desk-show", "sol", ""): 15,
    ("datareview:plan-detail", "sol", "plan"): 13,
    ("datareview:plan-group-list", "cora", ""): 7,
    ("datareview:plan-group-detail", "cora", "plan_group"): 15,
    ("datareview:group-session-log", "sol", "plan_group"): 8,
    ("datareview:dashboard-show", "ana", ""): 8,
    ("datareview:explore-show", "ana", ""): 10,
    ("datareview:explore-show", "cora", ""): 10,
    ("datareview:report-show", "pia", ""): 15,
    ("datareview:outcome-list", "cora", ""): 39,
    ("datareview:rule-list", "cora", ""): 5,
    ("datareview:run-list", "cora", ""): 4,
    ("datareview:import-list", "ada", ""): 3,
    ("datareview:import-answers", "ana", "team"): 4,
    ("datareview:standard-list", "ana", ""): 6,
    ("datareview:standard-edit", "ana", "standard"): 5,
    ("datareview:essential-list", "ana", "team"): 7,
    ("datareview:framework-list", "ana", ""): 3,
    ("datareview:framework-detail", "ana", "framework"): 5,
    ("datareview:assessment-all", "ana", ""): 8,
    ("datareview:assessment-all", "pia", ""): 7,
    ("datareview:assessment-list", "ana", "team"): 10,
    ("datareview:assessment-new", "ana", "team"): 8,
    ("datareview:assessment-edit", "ana", "assessment"): 11,
    ("datareview:assessment-detail", "ana", "assessment"): 20,
    ("datareview:assessment-detail", "pia", "assessment"): 17,
    ("datareview:answer-enter", "ana", "assessment"): 14,
    ("datareview:regrouping-detail", "ana", "groups"): 25,
}
# Page → the days on which it also names students, of whom a disclosure is looked up.
ALSO_NAMES_STUDENTS = {
    ("collab:home-show", "sol", ""): {"new-year", "last-of-term"},  # Fridays, with sessions to log
    ("datareview:dashboard-show", "ana", ""): {
        "clocks-forward",
        "saturday",
        "sunday",
    },  # a window has just begun
}


@pytest.fixture(scope="module")
def counts(district, django_db_blocker):
    """Queries of each page with a few rows of each kind, and with six more."""
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "CLOCK_OFFSET", offset_to(BEGIN))
        add_one_of_each(district, 0)
        few = {page: queries_of(district, page) for page in PAGES}
        for number in range(1, 7):
            add_one_of_each(district, number)
        found = {page: (few[page], queries_of(district, page)) for page in PAGES}
        transaction.set_rollback(True)
    return found


def queries_of(side: Side, page: tuple[str, str, str]) -> list[str]:
    """The statements of ``page``, opened a second time."""
    name, person, subject = page
    address = reverse(name, args=[getattr(side, subject).uuid] if subject else [])
    client = side.browsers[person]
    assert client.get(address).status_code == 200, page
    with CaptureQueriesContext(connection) as found:
        client.get(address)
    return [query["sql"] for query in found.captured_queries]


@pytest.mark.sweep
@pytest.mark.parametrize("page", PAGES, ids=lambda page: "-".join(filter(None, page)))
def test_a_page_takes_no_more_queries_for_many_rows_than_for_few(counts, page):
    few, many = counts[page]
    assert len(many) <= len(few), "\n".join(sorted(set(many) - set(few)))
    assert len(many) <= PAGES[page] + (day.NAME in ALSO_NAMES_STUDENTS.get(page, ()))


# One more of everything ------------------------------------------------------------------------------------


def add_one_of_each(side: Side, number: int) -> None:
    """Add a student with a plan, a member and a guest, an item with what was said, a meeting, and what teams keep."""
    staff = conftest.make_staff(f"Kim{number}", "New", side.school, Role.TEACHER)
    TeamMember.objects.create(team=side.team, staff=staff, starts_on=conftest.START)
    guest = conftest.make_staff(f"Pat{number}", "New", side.school, Role.TEACHER)
    Guest.objects.create(meeting=side.meeting, staff=guest, invited_by=side.ana)
    student = _student(side, number)
    candidate = student.candidates.get()
    if not number:
        side.live = _meeting(side, 0, state="live", started_at=clock.now())
    for meeting in (side.meeting, side.minutes, side.live):
        _item(side, meeting, number, candidate=candidate, owner=staff)
        _item(side, meeting, number, plan=student.plans.get(), owner=staff)
    _meeting(side, number + 2)
    _item(side, None, number, owner=staff)
    poll = Poll.objects.create(team=side.team, title="When?", made_by=side.ana, closes_on=conftest.TODAY)
    poll.people.create(staff=side.staff.ana)
    poll.options.create(starts_at=clock.now() + dt.timedelta(days=20 + number))
    PeerObservation.objects.create(school=side.school, host=side.staff.ana, observer=staff)
    Protocol.objects.create(team=side.team, name=f"Ours {number}")
    _assessment(side, number, student)
    TrendRun.objects.create(
        school=side.school, trigger="nightly", as_of=conftest.START + dt.timedelta(days=number)
    )


def _student(side: Side, number: int):
    student = conftest.make_student(side.school, f"2{number}", f"Student{number}", "New", 4)
    Enrollment.objects.create(student=student, section=side.section, starts_on=conftest.START)
    conftest.make_scores(student, side.fluency, [60, 61, 62, 64, 63, 66, 65])
    Guardian.objects.create(student=student, name="G", relation="Aunt")
    AttendanceDay.objects.create(student=student, day=conftest.TODAY, mark="present")
    plan = conftest.make_plan(student, side.fluency, side.strategy, side.staff.sol, side.team)
    side.plan_group.members.create(plan=plan, joined_on=plan.starts_on)
    make_group(side, name=f"Group {number}", plans=[])
    flag = Flag.objects.get(pk=side.flag.pk)
    flag.pk, flag.uuid, flag.student = None, uuid.uuid4(), student
    flag._state.adding = True
    flag.save()
    candidate = Candidate.objects.create(
        student=student, domain=flag.domain, reason="Absent", severity=flag.severity, raised_on=conftest.TODAY
    )
    candidate.flags.add(flag)
    return student


def _assessment(side: Side, number: int, student: Student) -> None:
    """A check of a new essential standard, one more item and the student's answers in the one that is there, and files."""
    standard = make_standard(side.school, f"9.X.{number}")
    made = make_assessment(side.team, title=f"Check {number}", standard=standard, sections=[side.section])
    answer(made, student, "CABD", section=side.section)
    year = side.school.years.get()
    EssentialStandard.objects.create(team=side.team, year=year, standard=standard)
    AssessmentItem.objects.create(assessment=side.assessment, number=90 + number, key="A", standard=standard)
    answer(side.assessment, student, "CABDA" + "." * number, section=side.section)
    for team, kind in ((None, "scores"), (side.team, "answers")):
        Import.objects.create(school=side.school, uploaded_by=side.ana, team=team, name="x.csv", kind=kind)
    FrameworkFile.objects.create(school=side.school, uploaded_by=side.ana, name="x.json")
    side.framework.items.append(
        [f"id-{number}", f"4.X.{number}", "Words", [4], "Math", "Standard", True, False]
    )
    side.framework.save()


def _meeting(side: Side, days: int, **fields: object) -> Meeting:
    starts = side.school.at(conftest.TODAY + dt.timedelta(days=days), dt.time(14))
    return Meeting.objects.create(
        team=side.team, title="M", starts_at=starts, ends_at=starts + dt.timedelta(minutes=40), **fields
    )


def _item(side: Side, meeting: Meeting | None, number: int, *, owner, candidate=None, plan=None) -> None:
    """An item of ``meeting`` with a chart, an action item, a decision, a question and what was said."""
    kind = Topic.Kind.CANDIDATE if candidate else Topic.Kind.REVIEW if plan else Topic.Kind.OTHER
    named = {"team": side.team, "title": "T", "kind": kind, "candidate": candidate, "plan": plan}
    topic = Topic.objects.get_or_create(**named)[0] if candidate or plan else Topic.objects.create(**named)
    item = AgendaItem.objects.create(
        topic=topic,
        meeting=meeting,
        position=100 + 2 * number + bool(plan),
        title="T",
        ask="What?",
        minutes=3,
        owner=owner,
        visibility="staff",
    )
    item.exhibits.create(
        view="student_attendance", parameters={"student": str(side.maya.uuid)}, added_by=side.ana
    )
    item.contributions.create(author=owner.user, text="Yes", client_key=uuid.uuid4())
    item.contributions.create(author=owner.user, text="No", is_before=True, client_key=uuid.uuid4())
    item.causes.create(author=owner.user, text="Time", client_key=uuid.uuid4())
    written = {"item": item, "text": "x"}
    Decision.objects.create(**written, decided_by=side.ana, client_key=uuid.uuid4(), check_on=conftest.TODAY)
    Question.objects.create(**written, asked_by=side.ana, client_key=uuid.uuid4())
    TeachingChange.objects.create(**written, teacher=side.staff.ana, client_key=uuid.uuid4())
    for person in (owner, side.staff.ana):
        Action.objects.create(
            **written,
            team=side.team,
            owner=person,
            student=side.maya,
            due_on=conftest.TODAY,
            made_by=side.ana,
            client_key=uuid.uuid4(),
        )
