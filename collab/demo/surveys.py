"""Surveys as a school has them: a screener, a check-in of a class, an anonymous survey, and a draft for families."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from datareview.records.models import Section
from datareview.survey_answers.services import answer_about, answer_survey, decline_survey, finish_follow_up
from datareview.surveys.library import BY_KEY
from datareview.surveys.models import SurveyFollowUp
from datareview.surveys.services.surveys import SurveyValues, make_survey, open_survey
from teams.lib import clock
from teams.lib.errors import DomainError
from teams.lib.request_cache import request_cache

if TYPE_CHECKING:
    from collab.demo.people import SchoolData
    from teams.directory.models import Staff, User

HELP = "Ms. Lindqvist is in room 12 every day at lunch. At any hour, call or text 988."
AGREED = "We talked at lunch. She sleeps badly since they moved; we look again next week."
RATED = (0.72, 0.18, 0.07, 0.03)  # shares of Never, Occasionally, Sometimes, Frequently
FELT = (0.05, 0.12, 0.25, 0.38, 0.2)
AGREE = (0.06, 0.16, 0.5, 0.28)
WORDS = ("I have a new puppy", "My tooth hurts", "I can’t find a place at lunch", "I like our book")


def make_surveys(place: SchoolData) -> None:
    """What was asked in the last two weeks."""
    rng = np.random.default_rng(len(place.school.name))  # its own, so that all else stays as it is
    coordinator, counselor = place.special.get("coordinator"), place.special.get("specialist")
    if coordinator is None:
        return
    grade = place.school.highest_grade - 1
    _screener(place, coordinator.user, counselor, grade, rng)
    _anonymous(place, coordinator.user, place.school.highest_grade, rng)
    if "teacher" in place.special and counselor:
        _check_in(place, place.special["teacher"], counselor, rng)
    with clock.stopped_at(_at(place, -1)), request_cache():
        values = _values("family-check-in", lowest_grade=grade, highest_grade=grade, follow_up_by=coordinator)
        make_survey(place.school, values, actor=coordinator.user, instrument="family-check-in")


def _screener(
    place: SchoolData, actor: User, counselor: Staff | None, grade: int, rng: np.random.Generator
) -> None:
    """Teachers rate most students of a grade, on several days; one class is not done yet."""
    key = "srss-i5" if grade <= BY_KEY["srss-i5"].grades[1] else "srss-i6"
    with clock.stopped_at(_at(place, -9)), request_cache():
        values = _values(
            key,
            lowest_grade=grade - 2,
            highest_grade=grade,
            closes_on=place.today + dt.timedelta(days=5),
            follow_up_by=counselor,
            follow_up_days=7,
            follow_up_from=9 if counselor else None,
        )
        survey = make_survey(place.school, values, actor=actor, instrument=key)
        survey = open_survey(survey, actor=actor)
    numbers = [one.number for one in survey.questions.all()]
    sections = Section.objects.filter(school=place.school, grade=grade).exclude(teacher_links=None)
    sections = sections.order_by("name", "pk").prefetch_related("teacher_links__staff__user")
    done: set[int] = set()
    for back, section in zip(range(-8, 0), sections, strict=False):
        teacher = section.teacher_links.all()[0].staff.user
        asked = (
            survey.asked.filter(student__enrollments__section=section).select_related("student").distinct()
        )
        with clock.stopped_at(_at(place, back)), request_cache():
            for one in asked.order_by("pk"):
                if one.pk in done or rng.random() < 0.08:
                    continue
                done.add(one.pk)
                answers = {number: _drawn(rng, RATED) for number in numbers}
                answer_about(survey, one, answers, actor=teacher, seen=0)


def _anonymous(place: SchoolData, actor: User, grade: int, rng: np.random.Generator) -> None:
    """An anonymous survey of the three oldest grades, which ended."""
    with clock.stopped_at(_at(place, -7)), request_cache():
        values = _values(
            "edscls-relationships",
            is_anonymous=True,
            lowest_grade=grade,
            highest_grade=grade,
            closes_on=place.days[-3],
            help_words=HELP,
        )
        survey = make_survey(place.school, values, actor=actor, instrument="edscls-relationships")
        try:
            survey = open_survey(survey, actor=actor)
        except DomainError:
            return  # too few students are here in July to ask them anonymously: it stays a draft
    numbers = [one.number for one in survey.questions.all()]
    with clock.stopped_at(_at(place, -5)), request_cache():
        for one in survey.asked.order_by("pk"):
            if rng.random() < 0.8:
                answer_survey(one, {number: _drawn(rng, AGREE) for number in numbers})
            elif rng.random() < 0.3:
                decline_survey(one)


def _check_in(place: SchoolData, teacher: Staff, counselor: Staff, rng: np.random.Generator) -> None:
    """The demo teacher's class says how it is; two children ask for a talk, and one of them had it."""
    section = Section.objects.filter(school=place.school, teacher_links__staff=teacher).order_by("pk").first()
    if section is None:
        return
    with clock.stopped_at(_at(place, -3)), request_cache():
        values = _values(
            "check-in",
            section=section,
            follow_up_by=counselor,
            follow_up_days=2,
            help_words=HELP,
            closes_on=place.days[-2],
        )
        survey = make_survey(place.school, values, actor=teacher.user, instrument="check-in")
        survey = open_survey(survey, actor=teacher.user)
        for number, one in enumerate(survey.asked.order_by("pk")):
            if rng.random() < 0.9:
                answer_survey(one, _felt(rng, number))
    first = SurveyFollowUp.objects.filter(answer__survey=survey).order_by("pk").first()
    if first:
        with clock.stopped_at(_at(place, -2)), request_cache():
            finish_follow_up(first, actor=counselor.user, note=AGREED)


def _felt(rng: np.random.Generator, number: int) -> dict[int, int | str]:
    answers: dict[int, int | str] = {one: _drawn(rng, FELT[1:]) + 1 for one in (1, 2, 3)}
    answers[4] = int(number in (3, 11))
    if rng.random() < 0.3:
        answers[5] = WORDS[int(rng.integers(len(WORDS)))]
    return answers


def _values(key: str, **others: object) -> SurveyValues:
    """The values of an instrument as its form proposes them."""
    found = BY_KEY[key]
    proposed = {
        "title": str(found.name),
        "words": str(found.words),
        "respondent": found.respondent,
        "domain": found.domain,
        "scoring": found.scoring,
        "source": str(found.source),
        "license": str(found.license),
    }
    return SurveyValues(**{**proposed, **others})  # type: ignore[arg-type]


def _drawn(rng: np.random.Generator, shares: tuple[float, ...]) -> int:
    """The place of an answer; ``shares`` need not add up to one."""
    total = sum(shares)
    return int(rng.choice(len(shares), p=[share / total for share in shares]))


def _at(place: SchoolData, back: int) -> dt.datetime:
    """10:00 of a school day before today: -1 is the last one."""
    return place.school.at(place.days[back], dt.time(10))
