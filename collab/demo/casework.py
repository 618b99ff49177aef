"""What people do beside plans: groups that meet, requests for assistance, a disputed value, students without a seat."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import TYPE_CHECKING

from collab.demo.texts import CONCERNS, WORRIES
from datareview.delivery.services.groups import start_group
from datareview.delivery.services.sessions import log_group_session
from datareview.disputes.queries.values import values_of
from datareview.disputes.services import open_dispute
from datareview.flags.models import Candidate
from datareview.flags.services.candidates import decide_candidate
from datareview.plans.queries.points import recent_points_of
from datareview.plans.services.several import NewPlan
from datareview.records.models import Assessment, Domain, Score, Standard, Student
from datareview.requests.permissions import students_to_ask_for
from datareview.requests.services import request_assistance
from datareview.standard_measures.queries import measure_of_standard
from teams.lib import clock
from teams.lib.request_cache import request_cache

if TYPE_CHECKING:
    from collab.demo.people import SchoolData
    from datareview.records.models import Measure
    from datareview.strategies.models import Strategy

GROUPS, MEMBERS, SEATS = 2, 4, 5
MASTERED = 66.7  # percent: two of three questions
AGO = dt.timedelta(weeks=2)  # when the groups began
GROWTH, WEEKS = 1.3, 10  # words a week, weeks


def make_casework(place: SchoolData, strategies: dict[str, Strategy], measures: dict[str, Measure]) -> None:
    """Groups that began two weeks ago and meet, and what came to the desk in the last days."""
    _start_groups(place, strategies["Repeated reading"], measures["orf"])
    _start_on_standard(place, strategies["Guided reading"])
    _ask_for_help(place)
    coordinator = place.special["coordinator"].user
    with clock.stopped_at(place.school.at(place.days[-2], dt.time(15))), request_cache():
        waiting = Candidate.objects.filter(student__school=place.school, state=Candidate.State.NEW)
        waiting = waiting.select_related("student__school").order_by("-severity", "pk")
        seat = waiting.filter(domain=Domain.ACADEMIC).first()
        disputed = waiting.filter(domain=Domain.ATTENDANCE).first()
        if seat is None or disputed is None:
            return
        note = "Reading groups are full; the next one starts after the holidays."
        decide_candidate(seat, actor=coordinator, state=Candidate.State.SEAT, note=note)
        value = values_of(disputed.student)[-1]
        what = "The family says that this day is wrong; please look at the sign-in sheet."
        open_dispute(disputed.student, value, actor=coordinator, what=what, candidate=disputed)


def _start_groups(place: SchoolData, strategy: Strategy, measure: Measure) -> None:
    """Groups of students of one grade who have probes and no plan, with a free seat each, and their sessions."""
    begin = place.today - AGO - dt.timedelta(days=place.today.weekday())
    specialist = place.special["specialist"]
    rows = Score.objects.filter(
        student__school=place.school,
        student__status=Student.Status.ACTIVE,
        student__plans=None,
        measure=measure,
        taken_on__lte=begin,
    )
    last = {one.student: one.value for one in rows.select_related("student").order_by("taken_on", "pk")}
    by_grade = sorted(last, key=lambda one: (one.grade or 0, last[one], one.pk))
    grades = [list(some) for _grade, some in groupby(by_grade, key=lambda one: one.grade)]
    for number, found in enumerate([some for some in grades if len(some) >= MEMBERS][:GROUPS]):
        new = [
            NewPlan(one, last[one], round(last[one] + GROWTH * WEEKS), CONCERNS["reading"][0])
            for one in found[:MEMBERS]
        ]
        with clock.stopped_at(place.school.at(begin, dt.time(8))), request_cache():
            group = start_group(
                place.school,
                new,
                despite=True,
                actor=place.special["coordinator"].user,
                name=f"Fluency {'AB'[number]}",
                place="Library",
                seats=SEATS,
                strategy=strategy,
                provider=specialist,
                measure=measure,
                starts_on=begin,
                goal_on=begin + dt.timedelta(weeks=WEEKS),
                review_on=begin + dt.timedelta(weeks=5),
                weekdays=[0, 1, 3],
                time=dt.time(9 + number, 20),
                minutes=strategy.minutes,
                tier=2,
            )
        plans = list(group.members.values_list("plan", flat=True))
        for day in [one for one in place.days if one >= begin and one.weekday() in group.weekdays][:-1]:
            with clock.stopped_at(place.school.at(day, dt.time(15))), request_cache():
                log_group_session(
                    group, actor=specialist.user, held_on=day, results=dict.fromkeys(plans, "held")
                )


def _start_on_standard(place: SchoolData, strategy: Strategy) -> None:
    """After the last check but one, a group of those who need more time on a standard; its checks measure the plans."""
    checks = Assessment.objects.filter(team__in=place.teams, team__kind="grade").order_by("given_on", "pk")
    grades = {one.team_id: one for one in checks}
    last = grades.get(next((team.pk for team in place.teams if team.pk in grades), 0))
    standard = Standard.objects.filter(school=place.school).order_by("pk").first()
    if last is None or standard is None:
        return
    begin = last.given_on - dt.timedelta(days=7)
    measure = measure_of_standard(standard)
    ids = last.sittings.filter(is_absent=False, student__plans=None).values_list("student", flat=True)
    found = recent_points_of(set(ids), measure, place.days[0], begin)
    low = sorted((points[-1][1], pk) for pk, points in found.items() if points and points[-1][1] < MASTERED)
    students = Student.objects.filter(status=Student.Status.ACTIVE).in_bulk([pk for _value, pk in low])
    new = [NewPlan(students[pk], value, MASTERED, str(standard)) for value, pk in low if pk in students]
    if len(new) < MEMBERS:
        return
    with clock.stopped_at(place.school.at(begin, dt.time(8))), request_cache():
        start_group(
            place.school,
            new[:MEMBERS],
            despite=True,
            actor=place.special["coordinator"].user,
            name=str(standard),
            seats=SEATS,
            strategy=strategy,
            provider=place.special["specialist"],
            measure=measure,
            starts_on=begin,
            goal_on=max(begin + dt.timedelta(weeks=WEEKS), place.today + dt.timedelta(weeks=4)),
            review_on=max(begin + dt.timedelta(weeks=5), place.today + dt.timedelta(days=7)),
            weekdays=[1, 3],
            time=dt.time(13, 40),
            minutes=strategy.minutes,
            tier=2,
        )


def _ask_for_help(place: SchoolData) -> None:
    """Two teachers ask for help with a student each, in the last days."""
    for number, (domain, worry) in enumerate(WORRIES):
        asker = place.teachers[number].user
        with clock.stopped_at(place.school.at(place.days[-3 + number], dt.time(15))), request_cache():
            student = students_to_ask_for(asker).filter(candidates=None).order_by("pk").first()
            if student:
                tried = "A seat in front, and a word with the family"
                request_assistance(student, actor=asker, domain=domain, worry=worry, tried=tried)
