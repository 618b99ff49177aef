"""Visible rows in random districts: the rules on a request's scope find what the rules in full find.

The reference below spells out each rule as one query from the user on, without anything read before.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from contextlib import nullcontext
from itertools import pairwise
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.db.models import F, Q

from collab.actions.models import Action
from collab.actions.permissions import actions_visible_to
from collab.agendas.models import AgendaItem, ItemReader, Topic, Visibility
from collab.agendas.permissions import items_visible_to
from collab.followup.models import Question, TeachingChange
from collab.followup.permissions import own_teaching_changes, questions_visible_to
from collab.insights.permissions import effectiveness_visible_to
from collab.meetings.models import Guest, Meeting
from collab.meetings.permissions import may_plan_for, may_run, may_take_part_in, meetings_visible_to
from collab.observations.models import PeerObservation
from collab.observations.permissions import observations_visible_to, own_observations
from collab.polls.models import Poll, PollPerson
from collab.polls.permissions import polls_visible_to
from datareview.plans.models import Plan
from datareview.plans.permissions import plans_visible_to
from datareview.records.models import Enrollment, SectionTeacher, Student
from datareview.records.permissions import reasons_to_see, students_of_team, students_visible_to
from teams.access.permissions import ABILITIES, own_staff, plannable_teams, teams_visible_to
from teams.directory.models import Role, School, Staff, Substitution, Team, TeamGrade, TeamMember, User
from teams.lib import clock
from teams.lib.request_cache import request_cache
from tests.conftest import TODAY, make_measure, make_plan, make_school, make_strategy
from tests.properties import given, settings, st

if TYPE_CHECKING:
    from django.db.models import QuerySet

pytestmark = pytest.mark.django_db

SUBJECTS, GRADES = ["reading", "math"], [3, 4]


# The rules in full -----------------------------------------------------------------------------------------


def full_schools(user: User, ability: str) -> QuerySet[Staff]:
    rows = Staff.objects.active().filter(user=user, role__in=ABILITIES[ability])
    return rows.values("school_id")


def full_replaced(user: User) -> list[int]:
    """Staff rows of the colleagues for whom the user is the substitute today, both of them at work."""
    mine = Staff.objects.active().filter(user=user).values("pk")
    rows = Substitution.objects.filter(starts_on__lte=TODAY, ends_on__gte=TODAY, substitute__in=mine)
    found = rows.filter(replaced__in=Staff.objects.active().values("pk"))
    return list(found.values_list("replaced_id", flat=True))


def full_members(user: User) -> QuerySet[TeamMember]:
    """Memberships of the user, and of those whom the user replaces."""
    return TeamMember.objects.active().filter(Q(staff__user=user) | Q(staff__in=full_replaced(user)))


def full_own_teams(user: User) -> QuerySet[Team]:
    return Team.objects.filter(pk__in=list(full_members(user).values_list("team_id", flat=True)))


def full_teams(user: User) -> QuerySet[Team]:
    own = full_own_teams(user).values("pk")
    return Team.objects.filter(Q(pk__in=own) | Q(school_id__in=full_schools(user, "see_school")))


def full_cohort(teams: QuerySet[Team]) -> Q:
    by_grade = TeamGrade.objects.filter(team__in=teams.filter(cohort=Team.Cohort.GRADES))
    by_section = Enrollment.objects.on(clock.server_day()).filter(
        section__in=SectionTeacher.objects.filter(
            _runs_on("", TODAY),
            staff__memberships__in=TeamMember.objects.active().filter(
                team__in=teams.filter(cohort=Team.Cohort.SECTIONS)
            ),
            section__subject=F("staff__memberships__team__subject"),
        ).values("section_id")
    )
    grades = Student.objects.filter(
        school__teams__grades__in=by_grade, grade=F("school__teams__grades__grade")
    )
    return Q(pk__in=grades.values("pk")) | Q(pk__in=by_section.values("student_id"))


def _runs_on(link: str, day: dt.date) -> Q:
    """Whether a teacher teaches the section on ``day``, as a Q from ``link`` on."""
    begun = Q(**{f"{link}starts_on": None}) | Q(**{f"{link}starts_on__lte": day})
    return begun & (Q(**{f"{link}ends_on": None}) | Q(**{f"{link}ends_on__gte": day}))


def full_reasons(user: User) -> dict[str, Q]:
    own = Staff.objects.active().filter(Q(user=user) | Q(pk__in=full_replaced(user))).values("pk")
    taught = Enrollment.objects.on(clock.server_day()).filter(
        _runs_on("section__teacher_links__", TODAY), section__teacher_links__staff__in=own
    )
    delivered = Student.objects.filter(plans__state="active", plans__provider__in=own)
    return {
        "school": Q(school_id__in=full_schools(user, "see_all_students")),
        "section": Q(pk__in=taught.values("student_id")),
        "team": full_cohort(full_own_teams(user).filter(is_active=True)),
        "plan": Q(pk__in=delivered.values("pk")),
    }


def full_students(user: User) -> QuerySet[Student]:
    school, section, team, plan = full_reasons(user).values()
    return Student.objects.filter(school | section | team | plan)


def full_record(user: User, at: str) -> Q:
    """Rows of visible teams, for new members from the day they joined if their school wants that."""
    members = full_members(user).select_related("team__school").order_by("-starts_on")
    limits = {  # of two memberships the earlier one counts
        member.team_id: member.team.school.at(member.starts_on, dt.time())
        for member in members.exclude(team__school_id__in=full_schools(user, "see_school"))
        if not member.team.school.newcomers_read_all
    }
    found = Q(team__in=full_teams(user).exclude(pk__in=limits))
    for team, moment in limits.items():
        found |= Q(**{"team": team, f"{at}__gte": moment})
    return found


def full_meetings(user: User) -> QuerySet[Meeting]:
    guest = Guest.objects.filter(staff__user=user, staff__school_id__in=full_schools(user, "join_teams"))
    return Meeting.objects.filter(full_record(user, "starts_at") | Q(pk__in=guest.values("meeting_id")))


def full_items(user: User) -> QuerySet[AgendaItem]:
    reader = ItemReader.objects.filter(staff__user=user).values("item_id")
    named = Q(pk__in=reader) | Q(owner__user=user)
    reach = Q(meeting__in=full_meetings(user)) | Q(meeting=None, topic__team__in=full_teams(user))
    draft = Meeting.objects.filter(state="planned", published_at=None).exclude(pk__in=full_prepared(user))
    own = Q(topic__wanted_by=user) | Q(owner__user=user)
    rows = AgendaItem.objects.filter(reach & (~Q(visibility=Visibility.RESTRICTED) | named))
    return rows.filter(Q(meeting=None) | ~Q(meeting__in=draft) | own)


def full_prepared(user: User) -> QuerySet[Meeting]:
    """Meetings whose drafts the user reads: of teams they lead and those they facilitate, also as a substitute."""
    led = full_members(user).filter(is_lead=True).values("team_id")
    everywhere = Q(team__school_id__in=full_schools(user, "lead_all_teams"))
    runs = Q(facilitator__in=Staff.objects.active().filter(user=user).values("pk"))
    runs |= Q(facilitator__in=full_replaced(user))
    return Meeting.objects.filter(Q(team__in=led) | everywhere | runs)


def full_actions(user: User) -> QuerySet[Action]:
    mine = Staff.objects.active().filter(user=user).values("pk")
    alone = Q(item=None) & full_record(user, "created_at")
    from_item = Q(team__in=full_teams(user), item__in=full_items(user))
    return Action.objects.filter(Q(owner__in=mine) | alone | from_item)


def full_questions(user: User) -> QuerySet[Question]:
    answers = Q(item__topic__team__school_id__in=full_schools(user, "answer_questions"))
    return Question.objects.filter(Q(item__in=full_items(user)) | answers)


def full_changes(user: User) -> QuerySet[TeachingChange]:
    return TeachingChange.objects.filter(teacher__in=Staff.objects.active().filter(user=user))


def full_effectiveness(user: User) -> QuerySet[Team]:
    own = full_own_teams(user).values("pk")
    return full_teams(user).filter(Q(pk__in=own) | Q(shares_value=True))


def full_own_observations(user: User) -> QuerySet[PeerObservation]:
    mine = Staff.objects.active().filter(user=user).values("pk")
    return PeerObservation.objects.filter(Q(host__in=mine) | Q(observer__in=mine))


def full_observations(user: User) -> QuerySet[PeerObservation]:
    theirs = full_own_teams(user).values("pk")
    hosts = TeamMember.objects.active().filter(team__in=theirs).values("staff_id")
    shared = PeerObservation.objects.filter(shared_at__isnull=False, host__in=hosts).values("pk")
    return PeerObservation.objects.filter(
        Q(pk__in=full_own_observations(user).values("pk")) | Q(pk__in=shared)
    )


def full_polls(user: User) -> QuerySet[Poll]:
    mine = Staff.objects.active().filter(user=user)
    led = TeamMember.objects.active().filter(staff__user=user, is_lead=True).values("team_id")
    return Poll.objects.filter(
        Q(pk__in=PollPerson.objects.filter(staff__in=mine).values("poll_id"))
        | Q(made_by=user, team__school__in=mine.values("school_id"))
        | Q(team__in=led)
        | Q(team__school__in=full_schools(user, "lead_all_teams"))
    )


def full_plannable(user: User, school: School) -> QuerySet[Team]:
    led = TeamMember.objects.active().filter(staff__user=user, is_lead=True).values("team_id")
    everywhere = Q(school_id__in=full_schools(user, "lead_all_teams"))
    return Team.objects.filter(Q(pk__in=led) | everywhere, school=school, is_active=True)


FULL = {
    teams_visible_to: full_teams,
    students_visible_to: full_students,
    meetings_visible_to: full_meetings,
    items_visible_to: full_items,
    actions_visible_to: full_actions,
    questions_visible_to: full_questions,
    own_teaching_changes: full_changes,
    effectiveness_visible_to: full_effectiveness,
    own_observations: full_own_observations,
    observations_visible_to: full_observations,
    polls_visible_to: full_polls,
    plans_visible_to: lambda user: Plan.objects.filter(student__in=full_students(user)),
}


# Random districts ------------------------------------------------------------------------------------------


def make_random_district(chance: random.Random) -> SimpleNamespace:
    """Two schools whose people, teams, sections, plans and meetings are connected by chance."""
    schools = [make_school("Lincoln Elementary"), make_school("Roosevelt Elementary")]
    for school in schools:
        school.newcomers_read_all = chance.random() < 0.5
        school.save()
    users = [User.objects.create_user(f"{n}@district.test") for n in range(4)]
    staff = [
        Staff.objects.create(user=user, school=school, role=chance.choice(Role.values), **_dates(chance))
        for user in users
        for school in schools
        if chance.random() < 0.7
    ]
    for school in schools:
        _fill(chance, school, [one for one in staff if one.school == school], users)
    return SimpleNamespace(schools=schools, users=users)


def _dates(chance: random.Random) -> dict[str, dt.date | None]:
    """Dates that contain today, mostly."""
    days = [dt.timedelta(days=chance.choice(days)) for days in ([-90, -1, 0, 1], [-1, 0, 1, 90])]
    starts, ends = (TODAY + one for one in days)
    if ends < starts or chance.random() < 0.6:
        return {"starts_on": min(starts, TODAY), "ends_on": None}
    return {"starts_on": starts, "ends_on": ends}


def _some(chance: random.Random, rows: list, share: float = 0.5) -> list:
    return [row for row in rows if chance.random() < share]


def _fill(chance: random.Random, school: School, staff: list[Staff], users: list[User]) -> None:
    students = [
        Student.objects.create(
            school=school,
            local_id=str(n),
            first_name="S",
            last_name=str(n),
            grade=GRADES[n % 2],
            entered_on=TODAY,
        )
        for n in range(4)
    ]
    for number, subject in enumerate(SUBJECTS):
        section = school.sections.create(
            year=school.years.get(), local_id=str(number), name=str(number), subject=subject
        )
        for one in _some(chance, staff):
            days = chance.choice([{}, _dates(chance), {"ends_on": TODAY - dt.timedelta(days=1)}])
            SectionTeacher.objects.create(section=section, staff=one, **days)
        for student in _some(chance, students):
            Enrollment.objects.create(student=student, section=section, **_dates(chance))
    for number in range(2):
        team = Team.objects.create(
            school=school,
            name=str(number),
            cohort=chance.choice(Team.Cohort.values),
            subject=chance.choice(SUBJECTS),
            is_active=chance.random() < 0.8,
            shares_value=chance.random() < 0.5,
        )
        for grade in _some(chance, GRADES):
            TeamGrade.objects.create(team=team, grade=grade)
        for one in _some(chance, staff):
            TeamMember.objects.create(team=team, staff=one, is_lead=chance.random() < 0.5, **_dates(chance))
        _meet(chance, team, staff, users)
    for one, other in pairwise(_some(chance, staff, 0.8)):
        days = {"starts_on": TODAY, "ends_on": TODAY} | {
            name: day for name, day in _dates(chance).items() if day is not None
        }
        Substitution.objects.create(
            replaced=one, substitute=other, starts_on=days["starts_on"], ends_on=max(days.values())
        )
    if staff:
        measure, strategy = make_measure(school), make_strategy(school)
        plan = make_plan(students[0], measure, strategy, chance.choice(staff), team)
        if chance.random() < 0.3:
            Plan.objects.filter(pk=plan.pk).update(state="ended", outcome="met", ended_on=TODAY)


def _meet(chance: random.Random, team: Team, staff: list[Staff], users: list[User]) -> None:
    """A meeting of ``team`` with items and what came of them, and an item that waits."""
    starts = team.school.at(TODAY, dt.time(10))
    meeting = Meeting.objects.create(
        team=team,
        title="M",
        starts_at=starts,
        ends_at=starts + dt.timedelta(hours=1),
        facilitator=chance.choice([None, *staff]),
        published_at=chance.choice([None, starts]),
        state=chance.choice(["planned", "planned", "closed"]),
    )
    for one in _some(chance, staff, 0.3):
        Guest.objects.create(meeting=meeting, staff=one, invited_by=one.user)
    for place, visibility in [
        (meeting, "team"),
        (meeting, "restricted"),
        (None, "staff"),
        (None, "restricted"),
    ]:
        topic = Topic.objects.create(team=team, title="T", wanted_by=chance.choice([None, *users]))
        item = AgendaItem.objects.create(
            topic=topic,
            meeting=place,
            position=team.topics.count(),
            title="T",
            visibility=visibility,
            owner=chance.choice([None, *staff]),
        )
        for one in _some(chance, staff, 0.3):
            ItemReader.objects.create(item=item, staff=one)
        written = {"item": item, "text": "x"}
        user = chance.choice(users)
        Question.objects.create(**written, asked_by=user, client_key=uuid.uuid4())
        for owner in _some(chance, staff):
            Action.objects.create(
                **written, team=team, owner=owner, due_on=TODAY, made_by=user, client_key=uuid.uuid4()
            )
            TeachingChange.objects.create(**written, teacher=owner, client_key=uuid.uuid4())
    poll = Poll.objects.create(team=team, title="P", made_by=chance.choice(users), closes_on=TODAY)
    for one in _some(chance, staff, 0.3):
        PollPerson.objects.create(poll=poll, staff=one)
    for host, observer in pairwise(staff):
        shared_at = chance.choice([None, clock.now()])
        PeerObservation.objects.create(school=team.school, host=host, observer=observer, shared_at=shared_at)


# The comparison --------------------------------------------------------------------------------------------


@pytest.mark.sweep
@given(seed=st.integers(0, 10**9), is_kept=st.booleans())
@settings(max_examples=12)  # of other districts in every run
def test_rules_on_the_scope_find_the_rows_of_the_rules_in_full(seed, is_kept):
    with transaction.atomic():
        district = make_random_district(random.Random(seed))
        with request_cache() if is_kept else nullcontext():
            for user in district.users:
                compare_rows(user)
                compare_one_by_one(user, district.schools)
        transaction.set_rollback(True)


def ids(rows: QuerySet) -> list[int]:
    return sorted(rows.values_list("pk", flat=True))


def compare_rows(user: User) -> None:
    for rule, full in FULL.items():
        assert ids(rule(user)) == ids(full(user)), rule.__name__
    full_ones = full_reasons(user)
    for why, reason in reasons_to_see(user).items():
        assert ids(Student.objects.filter(reason)) == ids(Student.objects.filter(full_ones[why])), why


def compare_one_by_one(user: User, schools: list[School]) -> None:
    for school in schools:
        assert ids(plannable_teams(user, school)) == ids(full_plannable(user, school))
        assert own_staff(user, school) == Staff.objects.active().filter(user=user, school=school).first()
    for team in Team.objects.select_related("school"):
        leads_all = team.school_id in full_schools(user, "lead_all_teams").values_list("school_id", flat=True)
        own = team.members.active().filter(staff__user=user)
        assert may_plan_for(user, team) == (leads_all or own.filter(is_lead=True).exists())
        meeting = team.meetings.get()
        guest = Guest.objects.filter(staff__user=user, staff__school_id__in=full_schools(user, "join_teams"))
        takes_part = full_members(user).filter(team=team).exists()
        assert may_run(user, meeting) == (leads_all or takes_part)
        assert may_take_part_in(user, meeting) == (
            may_run(user, meeting) or guest.filter(meeting=meeting).exists()
        )
        cohort = Student.objects.filter(
            full_cohort(Team.objects.filter(pk=team.pk)), school=team.school, status=Student.Status.ACTIVE
        )
        assert ids(students_of_team(team)) == ids(cohort)
