"""Two schools, each with one row of everything that has a URL.

`make_district` returns Lincoln's side. Its ``twin`` is Roosevelt's side under the same names: ``twin.item``
is to Roosevelt what ``item`` is to Lincoln, so a URL of one side can be built for the other.
"""

from __future__ import annotations

import datetime as dt
import uuid
from types import SimpleNamespace

from collab.agendas.models import AgendaItem, Topic
from collab.discussion.models import Contribution
from collab.followup.models import Question, TeachingChange
from collab.meetings.models import CalendarFeed, Guest, Meeting, Series
from collab.observations.models import PeerObservation
from collab.polls.models import Poll, PollOption
from collab.protocols.models import Protocol
from datareview.anecdotes.models import Anecdote, Skill
from datareview.assessments.models import EssentialStandard
from datareview.disputes.models import Dispute
from datareview.flags.models import Candidate
from datareview.frameworks.models import FrameworkFile
from datareview.imports.models import Import
from datareview.inbox.models import UploadToken
from datareview.inbox.services.settings import make_token
from datareview.own_goals.models import OwnGoal
from datareview.recipes.services import remember_recipe
from datareview.records.models import Domain
from datareview.regrouping.services import form_groups
from datareview.runs.models import TrendRun
from datareview.strategies.models import Strategy
from datareview.surveys.models import Survey, SurveyFollowUp
from teams.directory.models import Holiday, Period, Role, School, Staff, TeamMember, Term
from teams.jobs.models import Job
from teams.lib import clock
from teams.mail.models import Mail
from teams.staff_files.models import StaffFile
from teams.timetable.models import TimetableFile
from tests import conftest
from tests.factories.assessments import answer, make_assessment, make_standard
from tests.factories.groups import make_group
from tests.factories.work import make_work

GONE_SINCE = dt.timedelta(days=30)
Side = SimpleNamespace


def make_district() -> Side:
    """Lincoln and its ``twin``, with people besides the cast.

    Gus is a guest of Grade 4's meeting. Dan, Lea and Moe were coordinators who led the team: Dan now only
    teaches, Lea no longer works at any school, and Moe teaches at Roosevelt. There, Zed leads the team, Zoe
    coordinates, Zia is principal and Zac administrator. Bea coordinates both schools.
    """
    cast = conftest.make_cast()
    school, team = cast.school, cast.team
    cast.staff.gus = conftest.make_staff("Gus", "Wade", school, Role.TEACHER)
    cast.staff.dan = conftest.make_staff("Dan", "Reed", school, Role.TEACHER)
    cast.staff.lea = conftest.make_staff("Lea", "Frost", school, Role.COORDINATOR)
    cast.staff.moe = conftest.make_staff("Moe", "Dale", school, Role.COORDINATOR)
    cast.staff.bea = conftest.make_staff("Bea", "Holm", school, Role.COORDINATOR)
    gone, led = school.today() - GONE_SINCE, {"team": team, "is_lead": True, "starts_on": conftest.START}
    TeamMember.objects.create(staff=cast.staff.dan, ends_on=gone, **led)
    for staff in (cast.staff.lea, cast.staff.moe):
        TeamMember.objects.create(staff=staff, **led)  # never ended
        Staff.objects.filter(pk=staff.pk).update(ends_on=gone)
    cast.twin = _make_twin(cast)
    for side in (cast, cast.twin):
        _furnish(side)
    Guest.objects.create(meeting=cast.meeting, staff=cast.staff.gus, invited_by=cast.ana)
    for name, staff in vars(cast.staff).items():
        setattr(cast, name, staff.user)
    for name, counterpart in {"zoe": "cora", "zia": "pia", "zac": "ada"}.items():
        setattr(cast, name, getattr(cast.twin, counterpart))
    for user, role in ((cast.bea, Role.COORDINATOR), (cast.moe, Role.TEACHER)):
        Staff.objects.create(user=user, school=cast.other_school, role=role, starts_on=conftest.START)
    return cast


def _make_twin(cast: Side) -> Side:
    """Roosevelt with the same structure as Lincoln: people in the same roles, a plan, a candidate, a meeting."""
    school, team, leak = cast.other_school, cast.other_team, cast.leak
    people = {
        "ana": cast.staff.zed,
        "tom": conftest.make_staff("Zora", "Quill", school, Role.TEACHER),
        "gil": conftest.make_staff("Zeno", "Pike", school, Role.TEACHER),
        "sol": conftest.make_staff("Zita", "Marsh", school, Role.SPECIALIST),
        "cora": conftest.make_staff("Zoe", "Lark", school, Role.COORDINATOR),
        "pia": conftest.make_staff("Zia", "Nash", school, Role.PRINCIPAL),
        "ada": conftest.make_staff("Zac", "Ford", school, Role.ADMINISTRATOR),
        "gus": conftest.make_staff("Zack", "Bell", school, Role.TEACHER),
    }
    TeamMember.objects.create(team=team, staff=people["tom"], starts_on=conftest.START)
    fluency, strategy = conftest.make_measure(school), conftest.make_strategy(school)
    conftest.make_scores(leak, fluency, [70, 71, 73, 72, 74, 75])
    flag = conftest.make_flag(leak, school)
    candidate = Candidate.objects.create(
        student=leak,
        domain=Domain.ATTENDANCE,
        reason=flag.reason,
        severity=flag.severity,
        raised_on=conftest.TODAY,
    )
    candidate.flags.add(flag)
    meeting = conftest.make_meeting(team, people["ana"])
    return SimpleNamespace(
        school=school,
        team=team,
        maya=leak,
        section=people["ana"].sections.get(),
        fluency=fluency,
        strategy=strategy,
        flag=flag,
        candidate=candidate,
        plan=conftest.make_plan(leak, fluency, strategy, people["sol"], team),
        meeting=meeting,
        action=conftest.make_action(team, people["ana"], meeting),
        staff=SimpleNamespace(**people),
        **{name: staff.user for name, staff in people.items()},
    )


def _furnish(side: Side) -> None:
    """Add one row of everything else that has a URL."""
    _agenda(side)
    _minutes(side)
    _calendar(side, side.school)
    side.plan_group = make_group(side)
    side.file = Import.objects.create(
        school=side.school,
        uploaded_by=side.ada,
        name="scores.csv",
        kind="scores",
        state="uploaded",
        columns=["student_id", "date", "score"],
    )
    make_token(side.school, actor=side.ada, name="Nightly export")
    side.token = UploadToken.objects.get(school=side.school)
    side.recipe = remember_recipe(
        side.school,
        actor=side.ada,
        name="scores.csv",
        kind="scores",
        columns=["student_id", "score"],
        mapping={"columns": {"student": "student_id", "value": "score"}, "options": {}},
    )
    side.class_list = Import.objects.create(
        school=side.school,
        uploaded_by=side.ada,
        name="classes.csv",
        state="uploaded",
        columns=["student number", "student name", "class", "teacher email"],
        guesses={"class_list": {"students": 1, "sections": 1, "teachers": {}, "grades": {}}},
    )
    side.file_set = Import.objects.create(
        school=side.school, uploaded_by=side.ada, name="all.zip", state="uploaded", guesses={"set": ["a.csv"]}
    )
    side.timetable_file = TimetableFile.objects.create(
        school=side.school,
        uploaded_by=side.ada,
        name="timetable.csv",
        state="checked",
        found={"rows": 1, "new": 1, "changed": 0, "same": 0, "changes": [], "problems": [], "unshown": 0},
    )
    side.staff_file = StaffFile.objects.create(
        school=side.school,
        uploaded_by=side.ada,
        name="people.csv",
        state="checked",
        found={"rows": 1, "new": 1, "changed": 0, "same": 0, "people": [], "problems": []},
    )
    side.observation = PeerObservation.objects.create(
        school=side.school, host=side.staff.tom, observer=side.staff.gil, focus="Who answers?"
    )
    side.evidence = side.observation.evidence.create(text="Four hands are up", client_key=uuid.uuid4())
    side.schedule = side.school.schedules.create(settings={})
    side.framework = FrameworkFile.objects.create(
        school=side.school,
        uploaded_by=side.ana,
        name="math.json",
        title="State math",
        items=[["id-1", "4.OA.1", "Multiply.", [4], "Math", "Standard", True, False]],
    )
    side.dispute = Dispute.objects.create(
        student=side.maya,
        kind=Dispute.Kind.ATTENDANCE,
        day=conftest.TODAY - dt.timedelta(days=400),
        value="Tardy",
        what="The bus was late",
        asked_by=side.staff.ana.user,
        asked_on=conftest.TODAY,
        answer_by=conftest.TODAY + dt.timedelta(days=14),
    )
    side.skill = Skill.objects.create(school=side.school, name="Phrasing")
    side.anecdote = Anecdote.objects.create(
        student=side.maya,
        author=side.staff.ana.user,
        skill=side.skill,
        text="Stops at each line end",
        seen_on=conftest.TODAY,
    )
    side.own_goal = OwnGoal.objects.create(
        student=side.maya,
        words="Read a chapter without stopping",
        set_on=conftest.TODAY,
        look_on=conftest.TODAY,
        written_by=side.staff.ana.user,
    )
    _missing_work(side)
    _surveys(side)
    side.standard = make_standard(side.school)
    side.assessment = make_assessment(side.team, standard=side.standard)
    answer(side.assessment, side.maya, "CABA", section=side.section)
    side.work = make_work(side.item, side.staff.ana.user)
    side.groups = form_groups(side.assessment, None, actor=side.staff.ana.user)
    side.empty = side.groups.groups.exclude(places__student=side.maya).last()
    side.essential = EssentialStandard.objects.create(
        team=side.team, year=side.school.years.get(), standard=side.standard
    )
    side.poll = Poll.objects.create(
        team=side.team, title="When can you meet?", made_by=side.ana, closes_on=side.school.today()
    )
    for staff in (side.staff.tom, side.staff.gil):
        side.poll.people.create(staff=staff)
    side.option, side.other_option = (
        PollOption.objects.create(poll=side.poll, starts_at=clock.now() + dt.timedelta(days=days))
        for days in (20, 21)
    )
    side.run = TrendRun.objects.create(school=side.school, trigger="nightly", as_of=side.school.today())
    side.job = Job.objects.create(kind="datareview.run_part", school=side.school)
    side.feed = CalendarFeed.objects.create(user=side.ana, token=str(uuid.uuid4()))
    side.email = Mail.objects.create(
        to=side.ana,
        kind="digest",
        subject="Due",
        text="x",
        dedupe_key=str(uuid.uuid4()),
        send_after=clock.now(),
        given_up_at=clock.now(),
    )
    side.protocol = Protocol.objects.create(team=side.team, name="Ours")
    side.protocol.steps.create(position=1, title="Look", minutes=5, kind="explore")
    side.guardian = side.maya.guardians.create(name="Rosa Okoye", relation="aunt")
    side.incident = side.maya.incidents.create(
        day=side.school.today(), kind="Phone", place="Gym", recorded_by=side.ana
    )
    side.group_name = side.school.group_names.create(category="Program", group="Band")
    side.membership = side.maya.subgroups.create(category="Program", group="Band")
    side.other_strategy = Strategy.objects.create(
        school=side.school, name="Word sorts", domain=Domain.ACADEMIC
    )


def _missing_work(side: Side) -> None:
    """Work that Maya has not handed in."""
    seat = side.section.enrollments.get(student=side.maya)
    side.missing_work = seat.missing_work.create(title="Map of the river", due_on=side.school.today())


def _surveys(side: Side) -> None:
    """A draft, a survey that asks teachers about Maya, and one that she has answered, so that Sol talks with her."""
    side.draft = Survey.objects.create(school=side.school, title="Next check-in")
    side.survey = Survey.objects.create(
        school=side.school, title="What we see", respondent="teacher", opened_at=clock.now(), scoring="none"
    )
    side.check_in = Survey.objects.create(
        school=side.school, title="How are you?", opened_at=clock.now(), scoring="none"
    )
    for survey in (side.draft, side.survey, side.check_in):
        side.survey_question = survey.questions.create(number=1, text="Good day?", labels=["No", "Yes"])
    side.survey_question = side.draft.questions.get()
    side.asked = side.survey.asked.create(student=side.maya)
    side.check_in.asked.create(student=side.maya, is_answered=True)
    side.survey_answer = side.check_in.answers.create(
        student=side.maya, answers={"1": 0}, answered_on=side.school.today()
    )
    side.talk = SurveyFollowUp.objects.create(
        answer=side.survey_answer, person=side.staff.sol, questions=[1], due_on=side.school.today()
    )


def _agenda(side: Side) -> None:
    """Add contributions and a chart to the first item of the next meeting, and an item without a meeting."""
    side.item, side.next_item = side.meeting.items.all()
    side.contribution = Contribution.objects.create(
        item=side.item, author=side.ana, text=f"{side.maya} stalled", client_key=uuid.uuid4()
    )
    side.change = TeachingChange.objects.create(
        item=side.item, teacher=side.staff.tom, text=f"Pairs for {side.maya}", client_key=uuid.uuid4()
    )
    side.question = Question.objects.create(
        item=side.item, text="May we have the hall?", asked_by=side.ana, client_key=uuid.uuid4()
    )
    side.exhibit = side.item.exhibits.create(
        view="student_attendance", parameters={"student": str(side.maya.uuid)}, added_by=side.ana
    )
    topic = Topic.objects.create(team=side.team, title="Reading at home")
    side.waiting = AgendaItem.objects.create(topic=topic, title=topic.title)


def _minutes(side: Side) -> None:
    """Approved minutes of a meeting held yesterday."""
    start = side.school.at(side.school.today() - dt.timedelta(days=1), dt.time(10, 10))
    side.minutes = Meeting.objects.create(
        team=side.team,
        title=f"{side.maya} and others",
        starts_at=start,
        ends_at=start + dt.timedelta(minutes=45),
        started_at=start,
        closed_at=start + dt.timedelta(minutes=45),
        approved_at=start + dt.timedelta(minutes=50),
        approved_by=side.ana,
        state="closed",
    )


def _calendar(side: Side, school: School) -> None:
    """A term, a holiday, a period, and a series of meetings."""
    side.year, day = school.years.get(), school.today()
    side.term = Term.objects.create(
        year=side.year,
        name="One",
        starts_on=side.year.starts_on,
        ends_on=side.year.starts_on + dt.timedelta(days=60),
    )
    side.holiday = Holiday.objects.create(school=school, name="Off", starts_on=day, ends_on=day)
    side.period = Period.objects.create(
        school=school, name="1", cycle_day=0, starts_at=dt.time(8), ends_at=dt.time(9)
    )
    side.series = Series.objects.create(
        team=side.team, title="Weekly", weekday=1, starts_at=dt.time(10, 10), starts_on=day, ends_on=day
    )
