"""Disputed values: who answers, what shows, and that nothing rises from them meanwhile."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from collab.home.queries.digest import digest_lines
from datareview.disputes.models import Dispute
from datareview.disputes.queries.disputes import dispute_list, disputes_waiting
from datareview.disputes.queries.values import values_of
from datareview.disputes.services import answer_dispute, open_dispute, withdraw_dispute
from datareview.flags.models import Candidate, Flag, Rule
from datareview.flags.queries.disputed import disputed_students
from datareview.flags.queries.flags import Judgement
from datareview.flags.services.flags import apply_judgements
from datareview.hand_scores.services import enter_score
from datareview.imports.models import Import
from datareview.records.models import AttendanceDay, Incident, Score
from datareview.trends.models import TrendScope
from teams.lib import clock
from teams.lib.errors import DomainError
from tests.factories.records import absent


@pytest.fixture
def score(cast):
    """Maya's score of yesterday, which nobody is known to have entered."""
    day = cast.school.today() - dt.timedelta(days=1)
    return Score.objects.create(
        student=cast.maya, measure=cast.fluency, taken_on=day, value=16, source="import b"
    )


def value_of(cast, row):
    kinds = {Score: "score", AttendanceDay: "day", Incident: "incident"}
    key = f"{kinds[type(row)]}-{row.pk}"
    return next(one for one in values_of(cast.maya) if one.key == key)


def dispute(cast, row, *, actor=None, what="It was 61", **more):
    return open_dispute(cast.maya, value_of(cast, row), actor=actor or cast.ana, what=what, **more)


def test_a_value_is_named_as_pages_show_it(cast, score):
    one = dispute(cast, score)
    assert (one.kind, one.measure, one.value, one.day, one.owner) == (
        "score",
        cast.fluency,
        "16",
        score.taken_on,
        None,
    )
    today = cast.school.today()
    days = [today + dt.timedelta(days=n + 1) for n in range((one.answer_by - today).days)]
    assert sum(day.weekday() < 5 for day in days) == 10


def test_who_loaded_entered_or_recorded_it_answers(cast, score):
    score.imported_by = Import.objects.create(school=cast.school, uploaded_by=cast.ada, name="a.csv")
    score.save()
    recorded = Incident.objects.create(
        student=cast.maya, day=score.taken_on, kind="Fight", recorded_by=cast.tom
    )
    enter_score(cast.maya, cast.fluency, actor=cast.sol, value=44, taken_on=cast.school.today())
    typed = Score.objects.get(value=44)
    owners = [dispute(cast, row).owner for row in (score, recorded, typed)]
    assert owners == [cast.ada, cast.tom, cast.sol]


def test_who_left_answers_no_more(cast, score):
    type(cast.staff.tom).objects.filter(pk=cast.staff.tom.pk).update(
        ends_on=cast.school.today() - dt.timedelta(days=1)
    )
    recorded = Incident.objects.create(
        student=cast.maya, day=score.taken_on, kind="Fight", recorded_by=cast.tom
    )
    assert dispute(cast, recorded).owner is None


def test_one_that_its_owner_does_not_answer_in_time_waits_for_who_loads_data(cast, score):
    recorded = Incident.objects.create(
        student=cast.maya, day=score.taken_on, kind="Fight", recorded_by=cast.tom
    )
    one = dispute(cast, recorded)
    assert disputes_waiting(cast.ada, cast.school) == []
    Dispute.objects.update(answer_by=cast.school.today() - dt.timedelta(days=1))
    assert [disputes_waiting(user, cast.school) for user in (cast.ada, cast.tom)] == [[one], [one]]
    assert disputes_waiting(cast.zed, cast.other_school) == []


def test_without_an_owner_it_waits_for_who_loads_data(cast, score):
    one = dispute(cast, score)
    waits = {name: disputes_waiting(getattr(cast, name), cast.school) for name in ("ada", "cora", "ana")}
    assert waits == {"ada": [one], "cora": [], "ana": []}
    assert disputes_waiting(cast.zed, cast.other_school) == []
    lines = digest_lines(cast.staff.ada, clock.now())
    assert [line for line in lines if "wrong" in line] == [
        "1 value that someone says is wrong needs your answer."
    ]


def test_an_answer_after_somebody_elses_keeps_what_was_typed(cast, score, as_user):
    one = dispute(cast, score)
    answer_dispute(one, actor=cast.cora, state="right", answer="The paper says 16")
    sent = {"state": "right", "answer": "I looked it up"}
    page = as_user(cast.ada).post(f"/disputes/{one.uuid}/", sent).content.decode()
    assert ("I looked it up" in page, "settled already" in page) == (True, True)


def test_it_is_corrected_only_when_the_value_has_changed(cast, score):
    one = dispute(cast, score)
    with pytest.raises(DomainError, match="still 16"):
        answer_dispute(one, actor=cast.cora, state="corrected")
    Score.objects.filter(pk=score.pk).update(value=61)
    answered = answer_dispute(one, actor=cast.cora, state="corrected")
    assert (answered.state, answered.answered_by) == ("corrected", cast.cora)
    assert answer_dispute(one, actor=cast.cora, state="corrected").answered_at == answered.answered_at
    with pytest.raises(DomainError, match="settled already: corrected"):
        answer_dispute(one, actor=cast.pia, state="right", answer="No")


def test_a_value_that_is_gone_is_corrected(cast, score):
    recorded = Incident.objects.create(student=cast.maya, day=score.taken_on, kind="Fight")
    one = dispute(cast, recorded)
    recorded.delete()
    assert answer_dispute(one, actor=cast.cora, state="corrected").state == "corrected"


def test_it_is_right_only_with_a_reason_that_the_asker_reads(cast, score):
    one = dispute(cast, score)
    with pytest.raises(DomainError, match="why the value is right"):
        answer_dispute(one, actor=cast.cora, state="right", answer=" ")
    answer_dispute(one, actor=cast.cora, state="right", answer="The sheet says 16")
    (row,) = dispute_list(cast.ana, cast.school, {"show": "mine"}).rows
    assert (row.dispute.state, row.dispute.answer, row.may_withdraw) == ("right", "The sheet says 16", False)


def test_a_second_click_is_one_dispute_and_a_colleague_reads_who_was_first(cast, score):
    assert dispute(cast, score) == dispute(cast, score, what="Again")
    with pytest.raises(DomainError, match="Ana R has already said that this value is wrong: “It was 61”"):
        dispute(cast, score, actor=cast.tom)
    withdraw_dispute(Dispute.objects.get(), actor=cast.ana)
    assert dispute(cast, score, actor=cast.tom).state == "open"


@pytest.mark.parametrize("person", ["gil", "zed"])
def test_nobody_disputes_what_they_do_not_see(cast, score, person):
    with pytest.raises(PermissionDenied):
        dispute(cast, score, actor=getattr(cast, person))


def test_only_who_asked_withdraws(cast, score):
    with pytest.raises(PermissionDenied):
        withdraw_dispute(dispute(cast, score), actor=cast.cora)


@pytest.fixture
def day(cast):
    """A mark of Maya's, and no flag yet."""
    Flag.objects.all().delete()
    AttendanceDay.objects.filter(student=cast.maya, day=cast.school.today()).delete()
    return AttendanceDay.objects.create(student=cast.maya, day=cast.school.today(), mark="unexcused")


def judged(cast, severity, before=0, *, as_of=None):
    """The flag of the attendance rule after a run."""
    figures = {"absent": 18.0, "enrolled": 180, "share": 10.0, "cut": 10.0}
    rule = Rule.objects.select_related("school").get(school=cast.school)
    now, earlier = (
        {cast.maya.pk: Judgement("attendance", one, is_clear=False, evidence=figures)}
        for one in (severity, before)
    )
    scope, _made = TrendScope.objects.get_or_create(school=cast.school, grade=cast.maya.grade)
    apply_judgements(rule, now, earlier, scope=scope, as_of=as_of or cast.school.today())
    return list(Flag.objects.filter(rule=rule).values_list("state", "severity"))


def test_no_flag_rises_from_a_disputed_value_until_it_is_answered(cast, day):
    one = dispute(cast, day)
    assert judged(cast, 3, before=2) == [("pending", 3)]
    answer_dispute(one, actor=cast.cora, state="right", answer="The sheet says so")
    assert judged(cast, 3, before=2) == [("open", 3)]


def test_an_open_flag_stays_and_does_not_become_more_urgent(cast, day):
    judged(cast, 1, before=1)
    dispute(cast, day)
    assert judged(cast, 3, before=1) == [("open", 1)]


def test_a_dispute_that_nobody_answers_in_time_hides_nothing(cast, day):
    one = dispute(cast, day)
    assert judged(cast, 3, before=3, as_of=one.answer_by) == [("pending", 3)]
    assert judged(cast, 3, before=3, as_of=one.answer_by + dt.timedelta(days=1)) == [("open", 3)]


def own_rule(cast, datum, measure=""):
    condition = {"data": datum, "measure": measure, "operator": "at_least", "cut": 3}
    groups = [{"match": "all", "conditions": [condition]}]
    settings = {"domain": "academic", "severity": 2, "match": "all", "groups": groups}
    return Rule(school=cast.school, key="own", name="Own", kind=Rule.Kind.CONDITIONS, parameters=settings)


def test_a_rule_waits_only_for_what_it_reads(cast, score, day):
    def rules():
        measures = {"fluency": cast.fluency, "none": None}
        yield from (
            (kind, Rule(school=cast.school, key=kind, kind=kind, measure=cast.fluency))
            for kind in ("attendance", "behavior", "course", "benchmark", "growth")
        )
        yield from ((one, own_rule(cast, one)) for one in ("absence", "incidents", "mark"))
        yield from (
            (f"level:{name}", own_rule(cast, "level", one.key if one else "other"))
            for name, one in measures.items()
        )

    def held():
        return {
            name for name, rule in rules() if disputed_students(rule, cast.school.today()) == {cast.maya.pk}
        }

    assert held() == set()
    one = dispute(cast, day)
    assert held() == {"attendance", "absence"}
    withdraw_dispute(one, actor=cast.ana)
    dispute(cast, score)
    assert held() == {"benchmark", "growth", "level:fluency"}


def test_a_candidate_whose_data_are_disputed_waits_for_the_answer(cast, score, as_user):
    address = f"/students/{cast.maya.uuid}/dispute/?candidate={cast.candidate.uuid}"
    data = {"value": f"score-{score.pk}", "what": "It was 61"}
    assert as_user(cast.cora).post(address, data)["Location"] == "/desk/"
    one = Candidate.objects.get(pk=cast.candidate.pk)
    assert (one.state, one.decision_note, one.decided_by) == ("disputed", "It was 61", cast.cora)
    answer_dispute(Dispute.objects.get(), actor=cast.ada, state="right", answer="So it is")
    one.refresh_from_db()
    assert (one.state, one.decision_note) == ("new", "")
    assert list(one.reopened_decisions.values_list("state", "note")) == [("disputed", "It was 61")]


@pytest.mark.parametrize("asked_by", ["ana", "cora"])
def test_a_candidate_waits_for_the_answer_to_a_dispute_that_is_open_already(cast, score, as_user, asked_by):
    dispute(cast, score, actor=getattr(cast, asked_by))
    address = f"/students/{cast.maya.uuid}/dispute/?candidate={cast.candidate.uuid}"
    data = {"value": f"score-{score.pk}", "what": "I think so too"}
    for _click in range(2):
        assert as_user(cast.cora).post(address, data).status_code in (302, 422)
    one = Candidate.objects.get(pk=cast.candidate.pk)
    assert (one.state, one.decision_note) == ("disputed", "I think so too")
    answer_dispute(Dispute.objects.get(), actor=cast.ada, state="right", answer="So it is")
    one.refresh_from_db()
    assert one.state == "new"


def test_only_who_decides_about_candidates_lets_one_wait(cast, score, as_user):
    address = f"/students/{cast.maya.uuid}/dispute/?candidate={cast.candidate.uuid}"
    data = {"value": f"score-{score.pk}", "what": "It was 61"}
    assert as_user(cast.ana).post(address, data).status_code == 403
    assert Dispute.objects.count() == 0


def test_pages_say_that_a_value_is_disputed_but_not_why(cast, score, as_user):
    one = dispute(cast, score, what="He was at a doctor")
    day = cast.maya.get_absolute_url()
    for person, address in (("tom", day), ("tom", cast.candidate.get_absolute_url())):
        page = as_user(getattr(cast, person)).get(address).content.decode()
        assert (f"{cast.fluency}: 16" in page, "doctor" in page) == (True, False)
    home = as_user(cast.ada).get("/").content.decode()
    assert (f"/disputes/{one.uuid}/" in home, "doctor" in home) == (True, True)


def test_what_was_typed_stays_if_it_is_refused(cast, score, as_user):
    answer = as_user(cast.ana).post(
        f"/students/{cast.maya.uuid}/dispute/", {"value": "score-0", "what": "It was 61"}
    )
    assert (answer.status_code, "It was 61" in answer.content.decode()) == (422, True)


def test_the_list_says_where_each_stands_without_a_query_for_each(cast, score, as_user):
    def queries():
        with CaptureQueriesContext(connection) as found:
            as_user(cast.cora).get("/disputes/?show=all")
        return len(found)

    dispute(cast, score)
    queries()
    one = queries()
    for number in range(5):
        row = Incident.objects.create(student=cast.maya, day=score.taken_on, kind=f"Fight {number}")
        dispute(cast, row)
    assert queries() == one
    Dispute.objects.filter(value__contains="3").update(answer_by=score.taken_on)
    found = dispute_list(cast.cora, cast.school, {"show": "all"})
    assert next((row.dispute.value, row.is_late) for row in found.rows) == ("Fight 3, Minor", True)
    assert found.counts == {"waiting": 0, "mine": 0, "all": 6}


def test_of_a_candidate_the_newest_value_of_its_concern_is_chosen(cast, as_user):
    absent(cast.maya, 10, marks={3, 6})
    page = as_user(cast.cora).get(
        reverse("datareview:dispute-open", args=[cast.maya.uuid]), {"candidate": cast.candidate.uuid}
    )
    chosen = page.context["form"]["value"].initial
    newest = AttendanceDay.objects.filter(student=cast.maya).exclude(mark="present").latest("day")
    assert chosen == f"day-{newest.pk}"
