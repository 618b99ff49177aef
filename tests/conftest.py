"""The cast: one small district shared by all tests.

Lincoln Elementary has a grade 4 team: Ana leads it, Tom is a member; Ana teaches section 4A with Maya and
Jonas, Tom teaches 4B with Ines. Sol is the specialist who delivers Maya's plan, Cora the coordinator, Pia the
principal, Ada the administrator. Gil teaches grade 5 and sees none of them. Zed teaches grade 4 at Roosevelt,
another school, with a student who has the same number as Maya: the stranger whose data could leak.

Every test starts at the same moment, on a Tuesday morning in term (`tests.day`); time passes from there.
"""

from __future__ import annotations

import datetime as dt
import uuid
from contextlib import ExitStack
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation

from collab.actions.models import Action
from collab.agendas.models import AgendaItem, Topic
from collab.meetings.models import Meeting
from datareview.flags.models import Candidate, Flag, Rule, Severity
from datareview.plans.models import Plan
from datareview.records.models import Benchmark, Domain, Enrollment, Measure, Score, Section, Student
from datareview.strategies.models import Strategy
from teams.directory.models import Role, School, SchoolYear, Staff, Team, TeamGrade, TeamMember, Term, User
from teams.kept import queries as kept
from tests import day
from tests.databases import migrated_once, restore
from tests.factories.copies import Made, record
from tests.stale import for_all_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

TODAY = day.BEGIN.date()
START = TODAY - dt.timedelta(days=90)
LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)

# A test client reads its middleware anew; this one would look at every static file.
settings.WHITENOISE_AUTOREFRESH = True
# Passwords are hashed as in production, in a thousandth of the time.
Argon2PasswordHasher.time_cost = Argon2PasswordHasher.parallelism = 1
Argon2PasswordHasher.memory_cost = 8


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Databases are left, and used as they are found: they are the run's own."""
    return True


@pytest.fixture(scope="session")
def making(django_db_modify_db_settings: None, django_db_blocker) -> Iterator[ExitStack]:
    """What to close once the database is complete."""
    name = connection.creation._get_test_db_name()
    with django_db_blocker.unblock(), ExitStack() as stack:
        stack.enter_context(migrated_once(str(name)))
        yield stack


@pytest.fixture(scope="session")
def django_db_setup(making: ExitStack, django_db_setup: None, django_db_blocker) -> None:
    """Let other processes copy the database once it is complete."""
    with django_db_blocker.unblock():
        making.close()
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        TransactionTestCase._fixture_teardown = lambda _case: restore(name)


@pytest.fixture(autouse=True)
def _language():
    """Each test begins in English; a page that another test asked for in Spanish would leave its language behind."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def _nothing_kept():
    """Each test begins as a new process with an empty cache does: it asks as much after whatever came before."""
    kept.forget()
    cache.clear()


@pytest.fixture(autouse=True)
def clock_set(monkeypatch: pytest.MonkeyPatch) -> dt.timedelta:
    """Set the product's clock to the moment of `tests.day`, by this offset from the machine's."""
    offset = day.offset_to(day.BEGIN)
    monkeypatch.setattr(settings, "CLOCK_OFFSET", offset)
    return offset


MADE: list[Made] = []  # the cast, once a test has made it


@pytest.fixture
def cast(db: None, clock_set: dt.timedelta) -> SimpleNamespace:
    """The district of the module's docstring, with one plan, one candidate, one meeting and one action.

    It is made anew where it differs from a copy: in a database with other rows or another time, and in a test with
    transactions of its own, where receivers of ``on_commit`` are called.
    """
    is_empty = not (School.objects.exists() or User.objects.exists())  # all other rows belong to one of these
    if not (connection.in_atomic_block and clock_set == settings.CLOCK_OFFSET and is_empty):
        return make_cast()
    if MADE:
        return MADE[0].copy()
    with for_all_files(), pytest.MonkeyPatch.context() as patch:
        # A copy is never younger than what its test makes, however slow this machine is now.
        patch.setattr(settings, "CLOCK_OFFSET", day.offset_to(day.BEGIN - dt.timedelta(minutes=1)))
        cast, made = record(make_cast)
    MADE.append(made)
    return cast


def make_cast() -> SimpleNamespace:
    """The rows of `cast`, by name."""
    lincoln, roosevelt = make_school("Lincoln Elementary"), make_school("Roosevelt Elementary")
    people = {
        "ana": make_staff("Ana", "Ruiz", lincoln, Role.TEACHER),
        "tom": make_staff("Tom", "Berg", lincoln, Role.TEACHER),
        "gil": make_staff("Gil", "Hart", lincoln, Role.TEACHER),
        "sol": make_staff("Sol", "Vega", lincoln, Role.SPECIALIST),
        "cora": make_staff("Cora", "Lind", lincoln, Role.COORDINATOR),
        "pia": make_staff("Pia", "Moss", lincoln, Role.PRINCIPAL),
        "ada": make_staff("Ada", "Cole", lincoln, Role.ADMINISTRATOR),
        "zed": make_staff("Zed", "Stone", roosevelt, Role.TEACHER),
    }
    team = make_team(lincoln, "Grade 4", 4, [people["ana"], people["tom"]])
    other_team = make_team(roosevelt, "Grade 4", 4, [people["zed"]])
    maya = make_student(lincoln, "1001", "Maya", "Okafor", 4)
    jonas = make_student(lincoln, "1002", "Jonas", "Weber", 4)
    ines = make_student(lincoln, "1003", "Ines", "Duarte", 4)
    leak = make_student(roosevelt, "1001", "Leak", "Stranger", 4)
    section_a = make_section(people["ana"], "4A", [maya, jonas])
    section_b = make_section(people["tom"], "4B", [ines])
    make_section(people["zed"], "4Z", [leak])
    fluency, strategy = make_measure(lincoln), make_strategy(lincoln)
    scores = {maya: [62, 64, 63, 66, 65, 67, 68], jonas: [88, 90, 91, 95, 97, 99, 101], ines: [110, 113, 112]}
    for student, values in scores.items():
        make_scores(student, fluency, values)
    flag = make_flag(maya, lincoln)
    candidate = Candidate.objects.create(
        student=maya, domain=Domain.ATTENDANCE, reason=flag.reason, severity=flag.severity, raised_on=TODAY
    )
    candidate.flags.add(flag)
    plan = make_plan(maya, fluency, strategy, people["sol"], team)
    meeting = make_meeting(team, people["ana"])
    action = make_action(team, people["ana"], meeting)
    return SimpleNamespace(
        school=lincoln,
        other_school=roosevelt,
        team=team,
        other_team=other_team,
        maya=maya,
        jonas=jonas,
        ines=ines,
        leak=leak,
        section=section_a,
        other_section=section_b,
        fluency=fluency,
        strategy=strategy,
        flag=flag,
        candidate=candidate,
        plan=plan,
        meeting=meeting,
        action=action,
        staff=SimpleNamespace(**people),
        **{name: staff.user for name, staff in people.items()},
    )


@pytest.fixture
def as_user(client: Client):
    """Sign the test client in: ``as_user(cast.ana).get(...)``."""

    def sign_in(user: User) -> Client:
        client.force_login(user, backend="teams.account.backends.ScopeBackend")
        return client

    return sign_in


@pytest.fixture
def morning(cast: SimpleNamespace) -> dt.datetime:
    """Half past six on the first school day from today on; the cast's meeting is the day after."""
    first = TODAY + dt.timedelta(days={5: 2, 6: 1}.get(TODAY.weekday(), 0))
    half_past_six = cast.school.at(first, dt.time(6, 30))
    starts = cast.school.at(first + dt.timedelta(days=1), dt.time(10, 10))
    cast.meeting.starts_at, cast.meeting.ends_at = starts, starts + dt.timedelta(minutes=45)
    cast.meeting.save()
    return half_past_six


def make_school(name: str) -> School:
    """A school whose year started 90 days ago; on the first or last day of a term, also that term."""
    school = School.objects.create(name=name, lowest_grade=0, highest_grade=5)
    year = SchoolYear.objects.create(
        school=school, name="This year", starts_on=START, ends_on=START + dt.timedelta(days=280)
    )
    terms = {"first-of-term": (TODAY, TODAY + dt.timedelta(days=80)), "last-of-term": (START, TODAY)}
    if day.NAME in terms:
        first, last = terms[day.NAME]
        Term.objects.create(year=year, name="Term", starts_on=first, ends_on=last)
    return school


def make_staff(first: str, last: str, school: School, role: Role) -> Staff:
    """A user with a role, ``first@school.test``, who signed in before working here, so that emails are sent to them."""
    email = f"{first}@{school.name.split()[0]}.test".lower()
    user = User.objects.create_user(email, first_name=first, last_name=last, last_login=LONG_AGO)
    return Staff.objects.create(user=user, school=school, role=role, starts_on=START)


def make_team(school: School, name: str, grade: int, staff: list[Staff]) -> Team:
    """A grade team led by the first of ``staff``."""
    team = Team.objects.create(school=school, name=name)
    TeamGrade.objects.create(team=team, grade=grade)
    for person in staff:
        TeamMember.objects.create(team=team, staff=person, is_lead=person is staff[0], starts_on=START)
    return team


def make_student(school: School, local_id: str, first: str, last: str, grade: int) -> Student:
    """An enrolled student."""
    student = student_of(school, local_id, first, last, grade)
    student.save()
    return student


def student_of(school: School, local_id: str, first: str, last: str, grade: int) -> Student:
    """An enrolled student, not yet saved."""
    return Student(
        school=school, local_id=local_id, first_name=first, last_name=last, grade=grade, entered_on=START
    )


def make_section(teacher: Staff, name: str, students: list[Student]) -> Section:
    """A reading class of ``teacher`` with ``students``."""
    year = teacher.school.years.get()
    section = Section.objects.create(
        school=teacher.school, year=year, local_id=name, name=name, subject="reading", grade=4, is_core=True
    )
    section.teachers.add(teacher)
    Enrollment.objects.bulk_create(
        Enrollment(student=student, section=section, starts_on=START) for student in students
    )
    return section


def make_measure(school: School) -> Measure:
    """Oral reading fluency with a grade 4 benchmark for each window."""
    measure = Measure.objects.create(
        school=school,
        key="orf",
        name="Oral reading fluency",
        subject="reading",
        kind=Measure.Kind.PROBE,
        unit="words correct per minute",
        scale_min=0,
        scale_max=250,
        sem=8,
    )
    for window, at in [("fall", 94), ("winter", 120), ("spring", 133)]:
        Benchmark.objects.create(
            measure=measure, grade=4, window=window, below=at - 26, at=at, above=at + 31, growth_per_week=1.2
        )
    return measure


def make_strategy(school: School) -> Strategy:
    """Repeated reading, twenty minutes three times a week."""
    return Strategy.objects.create(school=school, name="Repeated reading", domain=Domain.ACADEMIC)


def make_scores(student: Student, measure: Measure, values: list[float]) -> None:
    """One score per week, the last one two days ago."""
    last = TODAY - dt.timedelta(days=2)
    Score.objects.bulk_create(
        Score(student=student, measure=measure, value=value, taken_on=last - dt.timedelta(weeks=back))
        for back, value in enumerate(reversed(values))
    )


def make_flag(student: Student, school: School) -> Flag:
    """An open attendance flag."""
    rule = Rule.objects.create(
        school=school,
        key="attendance",
        name="Attendance",
        kind=Rule.Kind.ATTENDANCE,
        parameters={"watch": 5, "act": 10, "severe": 20, "min_days": 20},
    )
    return Flag.objects.create(
        student=student,
        rule=rule,
        domain=Domain.ATTENDANCE,
        state=Flag.State.OPEN,
        severity=Severity.ACT,
        reason="Absent 7 of 52 days (13%).",
        evidence={"absent": 7, "enrolled": 52},
        first_seen_on=TODAY - dt.timedelta(days=14),
        last_seen_on=TODAY,
        opened_on=TODAY - dt.timedelta(days=7),
    )


def make_plan(student: Student, measure: Measure, strategy: Strategy, provider: Staff, team: Team) -> Plan:
    """A running plan, six weeks old, due for review in a week."""
    starts = TODAY - dt.timedelta(weeks=6)
    return Plan.objects.create(
        student=student,
        team=team,
        strategy=strategy,
        provider=provider,
        measure=measure,
        concern="Reads slowly and accurately",
        baseline=63,
        baseline_on=starts,
        goal=90,
        goal_on=starts + dt.timedelta(weeks=12),
        starts_on=starts,
        review_on=TODAY + dt.timedelta(days=7),
        weekdays=[0, 2, 4],
        started_by=provider.user,
    )


def make_meeting(team: Team, lead: Staff) -> Meeting:
    """A meeting planned for tomorrow at 10:10 with two items."""
    starts = team.school.at(TODAY + dt.timedelta(days=1), dt.time(10, 10))
    meeting = Meeting.objects.create(
        team=team,
        title="Which fourth graders stalled in fluency?",
        starts_at=starts,
        ends_at=starts + dt.timedelta(minutes=45),
        facilitator=lead,
        published_at=starts - dt.timedelta(hours=24),
    )
    for position, title in enumerate(["Our action items", "Winter fluency"]):
        topic = Topic.objects.create(team=team, title=title)
        AgendaItem.objects.create(topic=topic, meeting=meeting, position=position, title=title, minutes=10)
    return meeting


def make_action(team: Team, owner: Staff, meeting: Meeting) -> Action:
    """An open action item due today."""
    return Action.objects.create(
        team=team,
        owner=owner,
        item=meeting.items.first(),
        text="Pick six passages not used in testing",
        due_on=TODAY,
        made_by=owner.user,
        client_key=uuid.uuid4(),
    )
