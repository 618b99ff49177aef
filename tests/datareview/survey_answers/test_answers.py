"""Answers by a link and about students: once, with consent, nameless where promised, and with a talk where one is needed."""

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from datareview.privacy.models import Disclosure
from datareview.records.models import Measure, Score, Student
from datareview.survey_answers.queries.results import results_of
from datareview.survey_answers.queries.surveys import surveys_waiting
from datareview.survey_answers.services import (
    answer_about,
    answer_survey,
    finish_follow_up,
    record_consents,
)
from datareview.surveys.models import Survey, SurveyAnswer, SurveyFollowUp
from datareview.surveys.services.surveys import (
    SurveyValues,
    close_survey,
    give_again,
    make_survey,
    open_survey,
)
from teams.lib.errors import DomainError, StaleEdit
from teams.mail.models import Mail
from tests.conftest import TODAY

pytestmark = pytest.mark.django_db
CHECK_IN = SurveyValues("How are you?", follow_up_days=2)
ANONYMOUS = SurveyValues("Adults who care", is_anonymous=True, consent="none")


def opened(cast, values=CHECK_IN, *, instrument="check-in", who="cora") -> Survey:
    actor = getattr(cast, who)
    values = values if values.is_anonymous else replace(values, follow_up_by=cast.staff.sol)
    survey = make_survey(cast.school, values, actor=actor, instrument=instrument)
    return open_survey(survey, actor=actor)


def asked(survey, student):
    return survey.asked.get(student=student)


def address(one) -> str:
    return reverse("datareview:survey-answer", args=[one.code])


def test_a_child_answers_once_by_the_link_and_who_is_named_talks_with_them(cast, as_user):
    survey = opened(cast)
    one = asked(survey, cast.maya)
    child = Client()
    page = child.get(address(one)).content.decode()
    assert ("How is your day so far?" in page, "data-no-draft" in page) == (True, True)
    answer = child.post(address(one), {"q1": "3", "q2": "4", "q3": "2", "q4": "1", "q5": "My tooth hurts"})
    assert answer.status_code == 302
    row = SurveyAnswer.objects.get()
    assert (row.student, row.score, row.answered_on) == (cast.maya, 4.0, TODAY)
    score = Score.objects.get(measure=survey.measure)
    assert (score.student, score.value, score.measure.domain, score.source) == (
        cast.maya,
        4.0,
        "wellbeing",
        "survey",
    )
    talk = SurveyFollowUp.objects.get()
    assert (talk.person, talk.questions, (talk.due_on - TODAY).days) == (cast.staff.sol, [4], 2)
    mail = Mail.objects.get(kind="survey")
    assert (mail.to, "Maya" in mail.text, "tooth" in mail.text) == (cast.sol, False, False)
    assert "already" in child.post(address(one), {"q1": "0"}).content.decode()
    assert SurveyAnswer.objects.get().answers["1"] == 3
    assert [one.pk for one in surveys_waiting(cast.sol, cast.school).talks] == [talk.pk]
    assert "Surveys" in as_user(cast.sol).get("/").content.decode()
    finish_follow_up(talk, actor=cast.sol, note="We talked")
    assert surveys_waiting(cast.sol, cast.school).talks == []


def test_another_worry_after_the_talk_asks_for_a_talk_again(cast):
    values = replace(CHECK_IN, respondent="teacher", follow_up_by=cast.staff.sol)
    survey = make_survey(cast.school, values, actor=cast.cora, instrument="check-in")
    survey.questions.filter(number=2).update(alerts=[0])
    survey = open_survey(survey, actor=cast.cora)
    one = asked(survey, cast.maya)
    answer_about(survey, one, {2: 3, 4: 1}, actor=cast.ana, seen=0)
    finish_follow_up(SurveyFollowUp.objects.get(), actor=cast.sol, note="We talked")
    answer_about(survey, one, {2: 4, 4: 1}, actor=cast.ana, seen=1)
    talk = SurveyFollowUp.objects.get()
    assert (talk.done_by, talk.questions) == (cast.sol, [4])
    answer_about(survey, one, {2: 0, 4: 1}, actor=cast.ana, seen=2)
    talk = SurveyFollowUp.objects.get()
    assert (talk.done_at, talk.done_by, talk.questions, talk.note) == (None, None, [2, 4], "We talked")
    assert Mail.objects.filter(kind="survey", to=cast.sol).count() == 2


def test_only_those_for_whom_they_are_meant_read_answers_and_that_is_logged(cast, as_user):
    survey = opened(cast)
    answer_survey(asked(survey, cast.maya), {1: 0, 5: "I am sad"})
    row = SurveyAnswer.objects.get()
    seen = {}
    for who in ("ana", "tom", "gil", "sol", "cora", "pia", "ada", "zed"):
        client = as_user(getattr(cast, who))
        page = client.get(cast.maya.get_absolute_url()).content.decode()
        seen[who] = (client.get(row.get_absolute_url()).status_code, row.get_absolute_url() in page)
        assert "I am sad" not in page
    reads, not_there = (200, True), (404, False)
    assert seen == {
        **dict.fromkeys(("sol", "cora", "pia"), reads),
        **dict.fromkeys(("ana", "tom", "gil", "ada", "zed"), not_there),
    }
    logged = Disclosure.objects.filter(what="survey-answer-read")
    assert set(logged.values_list("reader__first_name", flat=True)) == {"Sol", "Cora", "Pia"}


def test_anonymous_answers_lead_to_nobody_and_are_shown_at_the_end(cast, as_user):
    for number in range(20):
        Student.objects.create(school=cast.school, local_id=f"x{number}", first_name="X", grade=4)
    survey = opened(cast, ANONYMOUS, instrument="edscls-relationships")
    rows = list(survey.asked.order_by("pk"))
    for number, one in enumerate(rows):
        answer_survey(one, {1: 3 if number == 0 else 1 + number % 2})
    stored = set(
        SurveyAnswer.objects.values_list("student", "answered_on", "entered_by", "score", "created_at")
    )
    assert stored == {(None, None, None, None, survey.opened_at)}
    assert (survey.measure, Score.objects.filter(source="survey").count()) == (None, 0)
    assert results_of(cast.cora, survey).questions == []
    survey = close_survey(survey, actor=cast.cora, is_closed=True)
    first = results_of(cast.cora, survey).questions[0]
    counts = [choice.count for choice in first.choices]
    assert (first.n, counts[3], counts[0]) == (len(rows), None, None)
    assert None in counts[1:3]
    with pytest.raises(DomainError, match="no answer can be added"):
        close_survey(survey, actor=cast.cora, is_closed=False)
    assert cast.maya.last_name not in as_user(cast.cora).get(survey.get_absolute_url()).content.decode()


def test_what_changes_in_named_results_tells_only_those_who_read_each_answer(cast):
    survey = opened(cast)
    for number in range(20):
        Student.objects.create(school=cast.school, local_id=f"x{number}", first_name="X", grade=4)
        answer = {1: 4, 2: 3, 3: 3}
        answer_survey(survey.asked.create(student=Student.objects.get(local_id=f"x{number}")), answer)
    answer_survey(asked(survey, cast.maya), {1: 0, 2: 0, 3: 0})

    def shown(user):
        return [[choice.count for choice in one.choices] for one in results_of(user, survey).questions[:1]]

    survey = close_survey(survey, actor=cast.cora, is_closed=True)
    assert (shown(cast.cora), shown(cast.ana)) == ([[1, 0, 0, 0, 20]], [])
    assert results_of(cast.ana, survey).why_not.startswith("Answers with a name are shown to those")
    record_consents(survey, {cast.maya.pk: False}, actor=cast.cora)
    assert (shown(cast.cora), shown(cast.ana)) == ([[0, 0, 0, 0, 20]], [])


def test_a_teacher_sees_results_of_the_own_answers_about_students(cast, as_user):
    survey = opened(cast, SurveyValues("Screener", respondent="teacher"), instrument="srss-i5")
    answer_about(survey, asked(survey, cast.maya), {1: 2}, actor=cast.ana, seen=0)
    first = results_of(cast.ana, survey).questions[0]
    assert (first.n, [choice.count for choice in first.choices]) == (1, [0, 0, 1, 0])
    assert results_of(cast.tom, survey).questions == []
    said = "These are the answers that you may read one by one."
    pages = [as_user(who).get(survey.get_absolute_url()).content.decode() for who in (cast.ana, cast.cora)]
    assert [said in page for page in pages] == [True, False]


def test_too_few_people_are_never_asked_without_names(cast):
    survey = make_survey(cast.school, ANONYMOUS, actor=cast.cora, instrument="edscls-relationships")
    with pytest.raises(DomainError, match="without telling who they are"):
        open_survey(survey, actor=cast.cora)


def test_a_family_that_says_no_is_not_asked_and_what_was_answered_is_deleted(cast):
    draft = make_survey(
        cast.school,
        replace(CHECK_IN, consent="in", follow_up_by=cast.staff.sol),
        actor=cast.cora,
        instrument="check-in",
    )
    with pytest.raises(DomainError, match="no one to ask"):
        open_survey(draft, actor=cast.cora)
    record_consents(draft, {cast.maya.pk: True, cast.jonas.pk: False}, actor=cast.cora)
    survey = open_survey(draft, actor=cast.cora)
    assert [one.student for one in survey.asked.all()] == [cast.maya]
    answer_survey(asked(survey, cast.maya), {1: 4, 2: 4, 3: 4})
    assert Score.objects.filter(measure=survey.measure).count() == 1
    record_consents(survey, {cast.maya.pk: False}, actor=cast.cora)
    left = (
        survey.asked.count(),
        survey.answers.count(),
        Score.objects.filter(measure=survey.measure).count(),
    )
    assert left == (0, 0, 0)
    assert dict(give_again(survey, actor=cast.cora).consents.values_list("student", "is_given")) == {
        cast.maya.pk: False,
        cast.jonas.pk: False,
    }


def test_a_no_that_is_taken_back_lets_the_child_be_asked_again(cast):
    survey = opened(cast)
    record_consents(survey, {cast.maya.pk: False}, actor=cast.cora)
    assert not survey.asked.filter(student=cast.maya).exists()
    record_consents(survey, {cast.maya.pk: None}, actor=cast.cora)
    assert survey.asked.filter(student=cast.maya).exists()


def test_a_teacher_screens_a_student_whom_they_see_and_the_score_has_cut_points(cast):
    values = SurveyValues(
        "Screener", respondent="teacher", scoring="sum", domain="wellbeing", follow_up_from=8
    )
    survey = opened(cast, values, instrument="srss-i5")
    assert (survey.measure.key, survey.measure.benchmarks.exists()) == ("srss-i5", True)
    answers = {1: 2, 2: 2, 3: 2, 4: 1, 5: 1}
    with pytest.raises(PermissionDenied):
        answer_about(survey, asked(survey, cast.maya), answers, actor=cast.gil, seen=0)
    answer_about(survey, asked(survey, cast.maya), answers, actor=cast.ana, seen=0)
    assert Score.objects.get(measure=survey.measure).value == 8
    assert SurveyFollowUp.objects.get().questions == []
    with pytest.raises(StaleEdit):
        answer_about(survey, asked(survey, cast.maya), answers, actor=cast.tom, seen=0)
    answer_about(survey, asked(survey, cast.maya), {**answers, 5: 0}, actor=cast.ana, seen=1)
    assert Score.objects.get(measure=survey.measure).value == 7
    again = open_survey(give_again(survey, actor=cast.cora), actor=cast.cora)
    assert (again.measure, Measure.objects.filter(key__startswith="srss").count()) == (survey.measure, 1)


def test_a_teacher_asks_the_own_class_and_no_other(cast):
    own = replace(CHECK_IN, section=cast.section, follow_up_by=cast.staff.sol)
    survey = open_survey(make_survey(cast.school, own, actor=cast.ana, instrument="check-in"), actor=cast.ana)
    assert {one.student for one in survey.asked.all()} == {cast.maya, cast.jonas}
    with pytest.raises(DomainError, match="your classes"):
        make_survey(cast.school, CHECK_IN, actor=cast.ana, instrument="check-in")
    with pytest.raises(PermissionDenied):
        make_survey(cast.school, own, actor=cast.tom, instrument="check-in")


def test_answers_are_taken_while_it_is_open_and_a_code_that_nobody_has_opens_nothing(cast):
    survey = close_survey(opened(cast), actor=cast.cora, is_closed=True)
    one, child = asked(survey, cast.maya), Client()
    assert "no answers now" in child.get(address(one)).content.decode()
    with pytest.raises(DomainError, match="no answers now"):
        answer_survey(one, {1: 2})
    one.code = "AAAAAAAAAA"
    assert child.get(address(one)).status_code == 404
